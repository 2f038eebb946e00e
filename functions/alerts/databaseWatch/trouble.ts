import { z } from 'zod';

/**
 * What is wrong with the database: `silent`, it does not answer; `full`, it has room for no row; `unwritable`, it answers and
 * takes no writes for another reason (a failover that did not end). In each of them no timer can claim its tick, so that no
 * sweeper acts and no alert can be written down.
 */
export const trouble = z.enum(['silent', 'full', 'unwritable']);
export type Trouble = z.infer<typeof trouble>;

interface Words {
  readonly title: string;
  readonly over: string;
  /** What was so for `minutes`, what goes on, and what to do. */
  readonly detail: (minutes: string) => string;
  /** The section of the runbook about this. */
  readonly runbook: string;
}

export const troubleWords: Readonly<Record<Trouble, Words>> = {
  silent: {
    title: 'The database does not answer',
    over: 'The database answers again',
    detail: (minutes) =>
      `No host had an answer for ${minutes} min. Agents go on copying and keep their results until it is back; nothing else is told meanwhile.`,
    runbook: 'database-down',
  },
  full: {
    title: 'The database is full',
    over: 'The database has room again',
    detail: (minutes) =>
      `It has taken no row for ${minutes} min. Agents go on copying and keep their results until there is room; no sweeper acts and nothing else is told meanwhile. Free space with scripts/reclaim, or raise its tier.`,
    runbook: 'database-full',
  },
  unwritable: {
    title: 'The database takes no writes',
    over: 'The database takes writes again',
    detail: (minutes) =>
      `It has answered but taken no write for ${minutes} min. Agents go on copying and keep their results until it does; no sweeper acts and nothing else is told meanwhile. Look at the server: is it a replica, is its storage full?`,
    runbook: 'database-down',
  },
};
