import type { RootOperationNode } from 'kysely';

export function refuseWhatIsNoTSql(_statement: RootOperationNode): void {
  return;
}
