/** What says where the secrets of a channel go, and how well guarded on the way; the names are the contract's. */
const addressOf = {
  teams: [],
  email: ['host', 'port', 'security', 'user'],
  pagerduty: ['url'],
  jira: ['url'],
  webhook: ['url'],
} as const;

type Members = Readonly<Record<string, unknown>>;

/**
 * Whether a changed channel would send its secrets elsewhere than before. Whoever wants that gives them again: a secret
 * that is kept would come out at an address that somebody else chose.
 */
export function isSentElsewhere(kind: keyof typeof addressOf, before: Members, after: Members): boolean {
  return addressOf[kind].some((member) => before[member] !== after[member]);
}
