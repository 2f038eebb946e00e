/** The step that says that a run's next message could not be sent (SPEC O5). */
export const CHAIN_FAILED = 'chain_failed';

/** The step that says why a run died outside of any step of its work. */
export const FATAL = 'fatal';
