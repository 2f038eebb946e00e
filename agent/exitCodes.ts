/** How the agent's process can end; docs/agent.md says what to do about each. A service manager restarts only on `unexpected`. */
export const exitCodes = {
  /** Told to stop, or `--once` finished. */
  stopped: 0,
  /** A mistake in the program or the machine: the log has the error. */
  unexpected: 1,
  /** Flags, environment or configuration file are not what is wanted. */
  badConfiguration: 2,
  /** Another agent has been approved in this one's place. */
  superseded: 3,
  /** Another process with the same key is alive: a copied state folder. */
  cloned: 4,
  /** An operator rejected the enrolment. */
  rejected: 5,
  /** Another process works on this state folder. */
  stateInUse: 6,
  /** The server does not speak this version. */
  versionUnsupported: 7,
  /** `--once`: the server has no job for this agent. */
  noJob: 8,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the process on purpose, with a sentence for the operator; never retried by the agent itself. */
export class AgentEnd extends Error {
  override readonly name = 'AgentEnd';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
