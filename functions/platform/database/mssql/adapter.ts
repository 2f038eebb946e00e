import { MssqlAdapter } from 'kysely';

/** Our compiler writes `returning` as OUTPUT: written rows come back here too. */
export class TSqlAdapter extends MssqlAdapter {
  override get supportsReturning(): boolean {
    return true;
  }
}
