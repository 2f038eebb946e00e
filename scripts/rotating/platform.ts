import type { Client } from '../../shared/client/index.ts';
import { fleet } from '../../shared/contract/fleet.ts';
import { keyRotationNotice } from '../../shared/contract/keyRotation.ts';
import type { RotationParts } from './rotation.ts';

/** What a rotation asks of the control plane: how the agents are, and to tell the owner. */
export function ofPlatform(client: Client): Pick<RotationParts, 'runners' | 'sendNotice'> {
  return {
    runners: async () => {
      const { runners } = await client.call(fleet, {});
      return runners
        .filter(({ status }) => status === 'active')
        .map(({ name, presence, azureFilesStatus, credentialExpiresAt }) => ({
          name,
          isOnline: presence === 'online',
          azureFilesStatus,
          credentialExpiresAt: credentialExpiresAt === null ? undefined : new Date(credentialExpiresAt),
        }));
    },
    sendNotice: async (rotationId, mode) =>
      (await client.call(keyRotationNotice, { params: { rotationId }, body: { mode } })).deliveries,
  };
}
