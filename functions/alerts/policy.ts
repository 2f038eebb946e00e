const minute = 60_000;

/** The numbers by which alerts are told, in one place; docs/alerts.md gives them to operators. */
export const policy = {
  /** A problem that is met again within this time after it was resolved is the same alert, reopened. */
  reopenWithinMs: 60 * minute,
  /** An alert that was reopened so often comes and goes: from then on it stays open until it was quiet for `quietMs`. */
  flapsAfterReopenings: 3,
  quietMs: 60 * minute,
  /** What a cause explained is told when it still stands so long after the cause was resolved. */
  afterCauseMs: 5 * minute,
  /** A gap of the platform's own timers of over `outageMs` is an outage; so long after it nothing new is told yet. */
  outageMs: 3 * minute,
  afterOutageMs: 5 * minute,
  /** More alerts than this within `stormWithinMs` are not told one by one, but as one. */
  stormAlerts: 20,
  stormWithinMs: 10 * minute,
  /** A loss that comes so long after the last one of its job, or after somebody acknowledged that, is an alert of its own. */
  anotherLossAfterMs: 60 * minute,
  /** By then the customer has to be told of a data loss (SPEC S10). */
  customerWithinMs: 60 * minute,
} as const;
