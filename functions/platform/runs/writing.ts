/** What every write to the history of a run needs: one instant for all its rows, and ids for new ones. */
export interface WriteContext {
  readonly at: Date;
  readonly newId: () => string;
}

/** A context for one transaction: `now` is asked once. */
export function writeContext(services: { now: () => Date; newId: () => string }): WriteContext {
  return { at: services.now(), newId: services.newId };
}
