/** The agents whose protocol this server speaks, by the first part of their version. */
export const SUPPORTED_AGENT_MAJORS = { oldest: 0, newest: 1 } as const;

/** Whether this server speaks the protocol of an agent of that version (one to four numbers with dots). */
export function isAgentVersionSupported(version: string): boolean {
  const major = Number(version.split('.')[0]);
  return major >= SUPPORTED_AGENT_MAJORS.oldest && major <= SUPPORTED_AGENT_MAJORS.newest;
}
