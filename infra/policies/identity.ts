import { signsForAgents } from './exceptions.ts';
import { resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import type { Stack } from './stack.ts';

/** Built-in roles of Azure that may be given, by the GUID that their definitions have everywhere (Microsoft Learn, “Azure built-in roles”). */
const allowedRoles: Readonly<Record<string, string>> = {
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
};

export const identity: Subject = {
  title: 'Who may do what',
  rules: [
    resourceRule({
      name: 'no-shared-key',
      wants: 'Where an identity can call a storage account, no key can.',
      types: ['azure-native:storage:StorageAccount'],
      exceptions: [signsForAgents],
      breaches: ({ allowSharedKeyAccess }) =>
        allowSharedKeyAccess === false
          ? []
          : [{ is: 'may be called with its key', wanted: 'allowSharedKeyAccess: false' }],
    }),
    resourceRule({
      name: 'redis-by-identity',
      wants: 'Redis is called with tokens of Entra, not with its keys.',
      types: ['azure-native:redisenterprise:Database'],
      breaches: ({ accessKeysAuthentication }) =>
        accessKeysAuthentication === 'Disabled'
          ? []
          : [{ is: 'may be called with its key', wanted: 'accessKeysAuthentication: Disabled' }],
    }),
    resourceRule({
      name: 'sql-entra-only',
      wants: 'People and programs sign in to SQL through Entra, and there is no password.',
      types: ['azure-native:sql:Server'],
      breaches: ({ administrators, administratorLogin, administratorLoginPassword }) => [
        ...(administrators?.azureADOnlyAuthentication === true
          ? []
          : [
              {
                is: 'lets logins with a password in',
                wanted: 'administrators.azureADOnlyAuthentication: true',
              },
            ]),
        ...(administratorLogin === undefined && administratorLoginPassword === undefined
          ? []
          : [{ is: 'has an administrator with a password', wanted: 'administrators alone' }]),
      ],
    }),
    resourceRule({
      name: 'vault-by-role',
      wants: 'Who may read a secret is said by role assignments, not by policies of the vault.',
      types: ['azure-native:keyvault:Vault'],
      breaches: ({ properties }) =>
        properties?.enableRbacAuthorization === true && (properties.accessPolicies ?? []).length === 0
          ? []
          : [
              {
                is: 'has access policies of its own',
                wanted: 'enableRbacAuthorization: true and no accessPolicies',
              },
            ],
    }),
    resourceRule({
      name: 'managed-identity',
      wants: 'An app and its slots have an identity of Azure’s making.',
      types: ['azure-native:web:WebApp', 'azure-native:web:WebAppSlot'],
      breaches: ({ identity: own }) =>
        own?.type?.includes('Assigned') === true
          ? []
          : [
              {
                is: 'has no identity and would need secrets',
                wanted: 'identity.type SystemAssigned or UserAssigned',
              },
            ],
    }),
    stackRule({
      name: 'no-publishing-password',
      wants: 'Whoever deploys to an app or a slot signs in to Entra: its publishing passwords are off.',
      breaches: withPublishingPassword,
    }),
    resourceRule({
      name: 'least-privilege',
      wants: `Role assignments give only roles on data: ${Object.values(allowedRoles).join(', ')}.`,
      types: ['azure-native:authorization:RoleAssignment'],
      breaches: (_, { known }) => {
        const { roleDefinitionId, scope, principalType } = known();
        const role = roleDefinitionId?.split('/').at(-1)?.toLowerCase() ?? '';
        return [
          ...(roleDefinitionId === undefined || role in allowedRoles
            ? []
            : [
                {
                  is: `gives ${administrative[role] ?? `the role ${role}`}`,
                  wanted: 'one of the roles that the pack allows (infra/policies/identity.ts)',
                },
              ]),
          ...(isWide(scope)
            ? [{ is: `reaches as far as ${scope ?? ''}`, wanted: 'the scope of a resource' }]
            : []),
          ...(principalType === undefined
            ? [{ is: 'leaves to Azure to find what its principal is', wanted: 'principalType' }]
            : []),
        ];
      },
    }),
  ],
};

/** Named in messages: these are what somebody gives to be done with it. */
const administrative: Readonly<Record<string, string>> = {
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'Owner',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'User Access Administrator',
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': 'Reader',
};

/** A subscription or a resource group holds what is not this stack’s or not this program’s. */
function isWide(scope: string | undefined): boolean {
  return scope !== undefined && !/\/resourceGroups\/[^/]+\/providers\//i.test(scope);
}

/** Azure has them on unless they are switched off, one by one, in resources of their own. */
function withPublishingPassword(stack: Stack): StackBreach[] {
  const apps = stack.of('azure-native:web:WebApp');
  const ofApps = [
    stack.of('azure-native:web:WebAppScmAllowed'),
    stack.of('azure-native:web:WebAppFtpAllowed'),
  ];
  const ofSlots = [
    stack.of('azure-native:web:WebAppScmAllowedSlot'),
    stack.of('azure-native:web:WebAppFtpAllowedSlot'),
  ];
  const open = [
    ...apps.filter((app) => !isClosed(ofApps, app)),
    ...stack
      .of('azure-native:web:WebAppSlot')
      .filter((slot) => !apps.some((app) => slot.refersTo('name', app) && isClosed(ofSlots, app))),
  ];
  return open.map((of) => ({
    of,
    is: 'takes deployments by a password',
    wanted: 'its ScmAllowed and FtpAllowed with allow: false',
  }));
}

interface Switch {
  readonly props: { readonly allow?: boolean | undefined };
  readonly refersTo: (property: string, other: { readonly urn: string }) => boolean;
}

function isClosed(switches: readonly (readonly Switch[])[], app: { readonly urn: string }): boolean {
  return switches.every((some) => some.some((one) => one.refersTo('name', app) && one.props.allow === false));
}
