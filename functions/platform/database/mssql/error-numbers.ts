import type { DatabaseErrorKind } from '../errors.ts';

/**
 * What SQL Server's message numbers mean to who may try again, each with where it comes from. [T]: Azure SQL's list of
 * transient faults ("Troubleshoot connectivity issues and other errors"); [G]: its list of errors of resource governance;
 * [L]: its limits of logical servers and databases; [E]: the server's own list of messages; [S]: Windows' sockets, by whose
 * numbers the network library answers. A number that does not stand here is a fault that another attempt does not help; so
 * are 40549 to 40553, by which Azure ends a session that takes too much: again it would take as much.
 */
const meanings: ReadonlyArray<readonly [number: number, kind: DatabaseErrorKind, why: string]> = [
  [2627, 'unique_violation', 'a constraint [E]'],
  [2601, 'unique_violation', 'a unique index: the same thing to us [E]'],

  [1205, 'deadlock', 'chosen as the victim; everything was undone [E]'],
  [3960, 'deadlock', 'snapshot isolation: somebody else changed the row first [E]'],

  [-2, 'timeout', 'a command, as other clients count it [E]'],
  [1222, 'timeout', 'a lock was not given in time [E]'],
  [1204, 'timeout', 'no memory for another lock at this moment [E]'],
  [8645, 'timeout', 'no memory for the query within its wait [E]'],
  [8651, 'timeout', 'no memory for the query now [E]'],

  [40544, 'full', 'the database reached the size of its tier: somebody has to make room [L]'],
  [1101, 'full', 'no page could be allocated: the file group is full [E]'],
  [1105, 'full', 'no space for an object: the file group is full [E]'],
  [9002, 'full', 'the log is full [E]'],

  [40613, 'connection', 'the database is not available: a failover or a change of tier is under way [T]'],
  [40197, 'connection', 'the service failed over, or its hardware or software was exchanged [T]'],
  [40020, 'connection', 'one of those that 40197 carries inside [T]'],
  [40143, 'connection', 'as 40020 [T]'],
  [40166, 'connection', 'as 40020 [T]'],
  [40540, 'connection', 'as 40020 [T]'],
  [40501, 'connection', 'the service is busy: wait 10 s [T]'],
  [49918, 'connection', 'not enough resources to take the request [T]'],
  [49919, 'connection', 'too many databases are created or changed [T]'],
  [49920, 'connection', 'too many operations of the subscription are under way [T]'],
  [4060, 'connection', 'the database cannot be opened: it is not there yet, or moves [T]'],
  [4221, 'connection', 'the replica waits for row versions of transactions from before it was recycled [T]'],
  [615, 'connection', 'the database’s id changed below a session: it failed over [T]'],
  [926, 'connection', 'the old primary is shutting down its log [T]'],
  [3906, 'connection', 'read only: the old primary of a failover [E]'],
  [921, 'connection', 'not recovered yet [E]'],
  [10928, 'connection', 'the limit of workers or sessions of the tier is reached [G]'],
  [10929, 'connection', 'the server is too busy for more than the guaranteed minimum [G]'],
  [10936, 'connection', 'the limit of requests of an elastic pool is reached [G]'],

  [17142, 'connection', 'the server is paused [E]'],
  [17197, 'connection', 'the login took too long: the server is busy [E]'],
  [6005, 'connection', 'the server is shutting down [E]'],
  [233, 'connection', 'the server closed the connection while somebody logged in [S]'],
  [64, 'connection', 'the network name is gone: the connection broke after it was made [S]'],
  [20, 'connection', 'the server does not speak encryption, as while it starts [S]'],
  [121, 'connection', 'the semaphore’s time ran out: the network fell silent [S]'],
  [10053, 'connection', 'the connection was aborted on this side [S]'],
  [10054, 'connection', 'the connection was reset by the other side [S]'],
  [10060, 'connection', 'the connection was not made in time [S]'],
  [11001, 'connection', 'the name is not known: it may move [S]'],
];

const kindByNumber: ReadonlyMap<number, DatabaseErrorKind> = new Map(
  meanings.map(([number, kind]) => [number, kind]),
);

export function kindOfNumber(number: number): DatabaseErrorKind | undefined {
  return kindByNumber.get(number);
}
