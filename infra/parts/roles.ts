import * as authorization from '@pulumi/azure-native/authorization/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';

/** Built-in roles that the app has, by the ids that they have in every subscription. All are of data, none of management. */
export const roles = {
  blobDataOwner: { id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', name: 'Storage Blob Data Owner' },
  blobDataContributor: { id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', name: 'Storage Blob Data Contributor' },
  queueDataContributor: {
    id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    name: 'Storage Queue Data Contributor',
  },
  tableDataContributor: {
    id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    name: 'Storage Table Data Contributor',
  },
  keyVaultSecretsUser: { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' },
} as const;

export interface Scopes {
  readonly hostStorageId: pulumi.Input<string>;
  readonly releasesId: pulumi.Input<string>;
  readonly vaultId: pulumi.Input<string>;
}

interface Grant {
  readonly name: string;
  readonly role: keyof typeof roles;
  readonly scope: keyof Scopes;
  readonly why: string;
}

/** All that the app may do beside its database. Each line names what would not work without it. */
export const grants: readonly Grant[] = [
  {
    name: 'host-blobs',
    role: 'blobDataOwner',
    scope: 'hostStorageId',
    why: 'leases of timers, keys of the host, the watch of the database',
  },
  {
    name: 'host-queues',
    role: 'queueDataContributor',
    scope: 'hostStorageId',
    why: 'slices and what their queue gave up on',
  },
  {
    name: 'host-tables',
    role: 'tableDataContributor',
    scope: 'hostStorageId',
    why: 'logs of agents, heartbeats; a table a week',
  },
  {
    name: 'releases',
    role: 'blobDataContributor',
    scope: 'releasesId',
    why: 'releases of the agent, and nothing else of the archive’s account',
  },
  {
    name: 'secrets',
    role: 'keyVaultSecretsUser',
    scope: 'vaultId',
    why: 'secret settings, and the key that SAS are signed with',
  },
];

export class Roles extends pulumi.ComponentResource {
  readonly assignments: readonly authorization.RoleAssignment[];

  constructor(place: Place, principalId: pulumi.Input<string>, scopes: Scopes) {
    super('datasync:authorization:Roles', 'roles');
    const definitions = `/subscriptions/${place.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`;
    this.assignments = grants.map(
      ({ name, role, scope, why }) =>
        new authorization.RoleAssignment(
          `app-${name}`,
          {
            principalId,
            // Without it Azure looks for the principal where a new one is not known yet.
            principalType: 'ServicePrincipal',
            roleDefinitionId: `${definitions}/${roles[role].id}`,
            scope: scopes[scope],
            description: `${roles[role].name}: ${why}`,
          },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}
