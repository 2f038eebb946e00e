/** The step that says that a run's next message could not be sent (SPEC O5). */
export const CHAIN_FAILED = 'chain_failed';
/** What is written of it once the queue takes the run's messages again. */
export const CHAIN_MENDED = { step: CHAIN_FAILED, kind: 'failure', status: 'complete' } as const;

/** The step that says why a run died outside of any step of its work. */
export const FATAL = 'fatal';
