import type { Exception } from './rule.ts';

/** The account of the archive. */
export const signsForAgents: Exception = {
  resource: 'files-storage',
  reason:
    'agents have no identity in Entra; their SAS are signed with a key of this account, two of which rotate',
};

export const reachedByAgents: Exception = {
  resource: 'files-storage',
  reason:
    'agents reach it from their own networks, by a SAS for one share; `network.agentAddresses` names these networks',
};

/** What a stack that is restored from a point in time makes on the server of the other. */
export const copiedAndDropped: Exception = {
  resource: 'database-restored',
  reason:
    'it stands beside its source until it is copied, holds nothing that the source does not, and is dropped',
};
