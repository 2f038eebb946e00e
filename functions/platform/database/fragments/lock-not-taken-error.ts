/** sp_getapplock gave up: -1 timeout, -2 cancelled, -3 deadlock victim, -999 wrong call. */
export class LockNotTakenError extends Error {
  readonly outcome: number;

  constructor(name: string, outcome: number) {
    super(`Could not take the lock ${name}: sp_getapplock answered ${outcome}, wanted 0 or 1`);
    this.name = 'LockNotTakenError';
    this.outcome = outcome;
  }
}
