import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { exposure } from './exposure.ts';

const account: Sample = {
  type: 'azure-native:storage:StorageAccount',
  name: 'host',
  props: { allowBlobPublicAccess: false, publicNetworkAccess: 'Disabled' },
};
const container: Sample = {
  type: 'azure-native:storage:BlobContainer',
  name: 'releases',
  props: { publicAccess: 'None' },
};
const network: Sample = {
  type: 'azure-native:sql:FirewallRule',
  name: 'office',
  props: { startIpAddress: '203.0.113.0', endIpAddress: '203.0.113.255' },
};
const vault: Sample = {
  type: 'azure-native:keyvault:Vault',
  name: 'vault',
  props: { properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny' } } },
};
const server: Sample = {
  type: 'azure-native:sql:Server',
  name: 'sql',
  props: { publicNetworkAccess: 'Disabled' },
};
const redis: Sample = {
  type: 'azure-native:redisenterprise:RedisEnterprise',
  name: 'redis',
  props: { publicNetworkAccess: 'Disabled' },
};
const endpoint = (to: string): Sample => ({
  type: 'azure-native:network:PrivateEndpoint',
  name: `endpoint of ${to}`,
  from: { privateLinkServiceConnections: [to] },
});
const endpoints = ['host', 'vault', 'sql', 'redis'].map(endpoint);
const open = { publicNetworkAccess: 'Enabled', networkRuleSet: { defaultAction: 'Allow' } };

const cases: readonly RuleCase[] = [
  {
    rule: 'no-public-blobs',
    good: [account],
    bad: [true, undefined].map((allowBlobPublicAccess) => [
      [but(account, { allowBlobPublicAccess })],
      ['StorageAccount “host” lets its containers be made public; wanted: allowBlobPublicAccess: false.'],
    ]),
  },
  {
    rule: 'private-containers',
    good: [container, but(container, { publicAccess: undefined })],
    bad: [
      [
        [but(container, { publicAccess: 'Blob' })],
        ['BlobContainer “releases” lets anybody read (Blob); wanted: publicAccess: None, or none given.'],
      ],
    ],
  },
  {
    rule: 'sql-firewall',
    good: [network, but(network, { startIpAddress: undefined })],
    bad: [
      [
        [but(network, { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' })],
        [
          'FirewallRule “office” lets in 4294967296 addresses, 0.0.0.0 to 255.255.255.255; wanted: 65536 addresses at most.',
        ],
      ],
      [
        [but(network, { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' })],
        [
          'FirewallRule “office” lets in whatever runs in Azure; wanted: a VirtualNetworkRule for the app’s subnet.',
        ],
      ],
    ],
  },
  {
    rule: 'private-means-closed',
    // The archive's account is the agents' to reach.
    good: [account, vault, server, redis, ...endpoints, but({ ...account, name: 'files-storage' }, open)],
    bad: [
      [
        [
          but(account, open),
          but(vault, { properties: { publicNetworkAccess: 'Enabled' } }),
          but(server, { publicNetworkAccess: undefined }),
          but(redis, { publicNetworkAccess: 'Enabled' }),
          ...endpoints,
        ],
        [
          'StorageAccount “host” answers the whole internet beside private endpoints; wanted: publicNetworkAccess: Disabled, or networkRuleSet.defaultAction: Deny.',
          'Vault “vault” answers the whole internet beside private endpoints; wanted: publicNetworkAccess: Disabled, or networkAcls.defaultAction: Deny.',
          'Server “sql” answers the whole internet beside private endpoints; wanted: publicNetworkAccess: Disabled.',
          'RedisEnterprise “redis” answers the whole internet beside private endpoints; wanted: publicNetworkAccess: Disabled.',
        ],
      ],
      [
        [account, vault, endpoint('vault')],
        ['StorageAccount “host” cannot be reached from the network; wanted: a PrivateEndpoint for it.'],
      ],
    ],
  },
];

describe('exposure', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(exposure, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(exposure, one);
    expect.hasAssertions();
  });
});
