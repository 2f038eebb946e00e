import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { identity } from './identity.ts';

const account: Sample = {
  type: 'azure-native:storage:StorageAccount',
  name: 'host-storage',
  props: { allowSharedKeyAccess: false },
};
const cache: Sample = {
  type: 'azure-native:redisenterprise:Database',
  name: 'redis',
  props: { accessKeysAuthentication: 'Disabled' },
};
const server: Sample = {
  type: 'azure-native:sql:Server',
  name: 'sql',
  props: { administrators: { administratorType: 'ActiveDirectory', azureADOnlyAuthentication: true } },
};
const vault: Sample = {
  type: 'azure-native:keyvault:Vault',
  name: 'vault',
  props: { properties: { enableRbacAuthorization: true } },
};
const app: Sample = {
  type: 'azure-native:web:WebApp',
  name: 'app',
  props: { identity: { type: 'UserAssigned' } },
};
const slot: Sample = {
  ...app,
  type: 'azure-native:web:WebAppSlot',
  name: 'staging',
  from: { name: ['app'] },
};
const closed = (kind: string): Sample => ({
  type: `azure-native:web:${kind}`,
  name: kind,
  props: { allow: false },
  from: { name: ['app'] },
});
const role = (guid: string): string =>
  `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
const assignment: Sample = {
  type: 'azure-native:authorization:RoleAssignment',
  name: 'app-reads-secrets',
  props: {
    roleDefinitionId: role('4633458b-17de-408a-b874-0445c86b69e6'),
    scope: '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
    principalType: 'ServicePrincipal',
  },
};
const allowedRole = 'one of the roles that the pack allows (infra/policies/identity.ts)';

const cases: readonly RuleCase[] = [
  {
    rule: 'no-shared-key',
    // The account whose keys sign the agents' SAS, and only it.
    good: [account, but({ ...account, name: 'files-storage' }, { allowSharedKeyAccess: true })],
    bad: [true, undefined].map((allowSharedKeyAccess) => [
      [but(account, { allowSharedKeyAccess })],
      ['StorageAccount “host-storage” may be called with its key; wanted: allowSharedKeyAccess: false.'],
    ]),
  },
  {
    rule: 'redis-by-identity',
    good: [cache],
    bad: [
      [
        [but(cache, { accessKeysAuthentication: 'Enabled' })],
        ['Database “redis” may be called with its key; wanted: accessKeysAuthentication: Disabled.'],
      ],
    ],
  },
  {
    rule: 'sql-entra-only',
    good: [server],
    bad: [
      [
        [but(server, { administrators: { azureADOnlyAuthentication: false } })],
        [
          'Server “sql” lets logins with a password in; wanted: administrators.azureADOnlyAuthentication: true.',
        ],
      ],
      [
        [but(server, { administratorLogin: 'sa' })],
        ['Server “sql” has an administrator with a password; wanted: administrators alone.'],
      ],
      [
        [but(server, { administratorLogin: 'sa', administratorLoginPassword: 'p' })],
        ['Server “sql” has an administrator with a password; wanted: administrators alone.'],
      ],
    ],
  },
  {
    rule: 'vault-by-role',
    good: [vault],
    bad: [
      [
        [but(vault, { properties: { enableRbacAuthorization: true, accessPolicies: [{ objectId: 'o' }] } })],
        [
          'Vault “vault” has access policies of its own; wanted: enableRbacAuthorization: true and no accessPolicies.',
        ],
      ],
    ],
  },
  {
    rule: 'managed-identity',
    good: [app, but(app, { identity: { type: 'SystemAssigned' } })],
    bad: [
      [
        [but(app, { identity: { type: 'None' } })],
        [
          'WebApp “app” has no identity and would need secrets; wanted: identity.type SystemAssigned or UserAssigned.',
        ],
      ],
    ],
  },
  {
    rule: 'no-publishing-password',
    good: [app, closed('WebAppScmAllowed'), closed('WebAppFtpAllowed')],
    bad: [
      [
        [app, closed('WebAppScmAllowed')],
        [
          'WebApp “app” takes deployments by a password; wanted: its ScmAllowed and FtpAllowed with allow: false.',
        ],
      ],
      [
        [app, closed('WebAppScmAllowed'), but(closed('WebAppFtpAllowed'), { allow: true })],
        [
          'WebApp “app” takes deployments by a password; wanted: its ScmAllowed and FtpAllowed with allow: false.',
        ],
      ],
      [
        [app, closed('WebAppScmAllowed'), closed('WebAppFtpAllowed'), slot],
        [
          'WebAppSlot “staging” takes deployments by a password; wanted: its ScmAllowed and FtpAllowed with allow: false.',
        ],
      ],
    ],
  },
  {
    rule: 'least-privilege',
    good: [assignment],
    bad: [
      [
        [but(assignment, { roleDefinitionId: role('b24988ac-6180-42a0-ab88-20f7382dd24c') })],
        [`RoleAssignment “app-reads-secrets” gives Contributor; wanted: ${allowedRole}.`],
      ],
      [
        [but(assignment, { roleDefinitionId: role('8E3AF657-A8FF-443C-A75C-2FE8C4BCB635') })],
        [`RoleAssignment “app-reads-secrets” gives Owner; wanted: ${allowedRole}.`],
      ],
      [
        [but(assignment, { roleDefinitionId: role('00000000-0000-4000-8000-000000000000') })],
        [
          `RoleAssignment “app-reads-secrets” gives the role 00000000-0000-4000-8000-000000000000; wanted: ${allowedRole}.`,
        ],
      ],
      [
        [but(assignment, { scope: '/subscriptions/s/resourceGroups/g', principalType: undefined })],
        [
          'RoleAssignment “app-reads-secrets” reaches as far as /subscriptions/s/resourceGroups/g; wanted: the scope of a resource.',
          'RoleAssignment “app-reads-secrets” leaves to Azure to find what its principal is; wanted: principalType.',
        ],
      ],
    ],
  },
];

describe('identity', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(identity, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(identity, one);
    expect.hasAssertions();
  });
});

it('D4 no-publishing-password knows the switches of a slot', async () => {
  const ofSlot = [closed('WebAppScmAllowedSlot'), closed('WebAppFtpAllowedSlot')];
  const ofApp = [closed('WebAppScmAllowed'), closed('WebAppFtpAllowed')];
  await expectVerdicts(identity, {
    rule: 'no-publishing-password',
    good: [app, slot, ...ofApp, ...ofSlot],
    bad: [
      [
        [app, { ...app, name: 'other' }, slot, ...ofApp, ...ofSlot],
        [
          'WebApp “other” takes deployments by a password; wanted: its ScmAllowed and FtpAllowed with allow: false.',
        ],
      ],
    ],
  });
  expect.hasAssertions();
});
