import { fullAt, quotaLevel } from '../../../shared/domain/quotaForecast.ts';
import { type Check, verdictOf } from '../check.ts';

const statuses = { ok: 'pass', warning: 'warn', critical: 'fail' } as const;

/** The database has room: warned of from 80 % or 30 days before it is full, failed from 95 % or a week. */
export const dbHeadroom: Check = {
  name: 'DB_HEADROOM',
  judge: ({ databaseReadings, now }) => {
    const last = databaseReadings.at(-1);
    if (last === undefined)
      return { status: 'warn', summary: 'How full the database is has not been read yet.', evidence: [] };
    if (last.quotaBytes === null)
      return { status: 'warn', summary: 'How much the database may hold is not known.', evidence: [] };
    const percent = ((100 * last.usedBytes) / last.quotaBytes).toFixed(1);
    const day = fullAt(databaseReadings)?.toISOString().slice(0, 10);
    const detail = day === undefined ? 'not growing towards it' : `full on ${day} at its present growth`;
    const status = statuses[quotaLevel(databaseReadings, now)];
    return verdictOf([{ subject: 'database', status, detail }], () => `The database is ${percent} % full.`);
  },
};
