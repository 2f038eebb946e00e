import type { ShareClient, SignedIdentifier } from '@azure/storage-file-share';

/** Every SAS of an agent rests on the policy whose id begins with this; replacing that policy ends them all. */
const POLICY_PREFIX = 'agents';
/** Read, create, write, list: never delete. The end of a SAS stands in the SAS itself. */
const PERMISSIONS = 'rcwl';

/** The id of the share's policy for agents; makes one when there is none, and leaves other policies as they are. */
export async function ensureAgentPolicy(share: ShareClient, abortSignal: AbortSignal): Promise<string> {
  const { signedIdentifiers } = await share.getAccessPolicy({ abortSignal });
  const present = signedIdentifiers.find(isAgentPolicy);
  if (present !== undefined) return present.id;
  await share.setAccessPolicy([...signedIdentifiers, agentPolicy(POLICY_PREFIX)], { abortSignal });
  return POLICY_PREFIX;
}

/** Puts a policy of another id in place: under the old id, a policy made again would revive what it was to end. */
export async function replaceAgentPolicy(
  share: ShareClient,
  freshId: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const { signedIdentifiers } = await share.getAccessPolicy({ abortSignal });
  const others = signedIdentifiers.filter((policy) => !isAgentPolicy(policy));
  await share.setAccessPolicy([...others, agentPolicy(`${POLICY_PREFIX}-${freshId}`)], { abortSignal });
}

function isAgentPolicy({ id }: SignedIdentifier): boolean {
  return id === POLICY_PREFIX || id.startsWith(`${POLICY_PREFIX}-`);
}

/** The SDK's type wants times, its code and Azure do not; a time in both policy and SAS would be refused. */
function agentPolicy(id: string): SignedIdentifier {
  const accessPolicy: Partial<SignedIdentifier['accessPolicy']> = { permissions: PERMISSIONS };
  return { id, accessPolicy: accessPolicy as SignedIdentifier['accessPolicy'] };
}
