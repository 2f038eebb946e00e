import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { transport } from './transport.ts';

const account: Sample = {
  type: 'azure-native:storage:StorageAccount',
  name: 'host',
  props: { minimumTlsVersion: 'TLS1_2', enableHttpsTrafficOnly: true },
};
const server: Sample = { type: 'azure-native:sql:Server', name: 'sql', props: { minimalTlsVersion: '1.2' } };
const site = { minTlsVersion: '1.2', scmMinTlsVersion: '1.3', ftpsState: 'Disabled' };
const app: Sample = {
  type: 'azure-native:web:WebApp',
  name: 'app',
  props: { httpsOnly: true, siteConfig: site },
};
const slot: Sample = { ...app, type: 'azure-native:web:WebAppSlot', name: 'staging' };
const cluster: Sample = {
  type: 'azure-native:redisenterprise:RedisEnterprise',
  name: 'redis',
  props: { minimumTlsVersion: '1.2' },
};
const cache: Sample = {
  type: 'azure-native:redisenterprise:Database',
  name: 'redis',
  props: { clientProtocol: 'Encrypted' },
};

const cases: readonly RuleCase[] = [
  {
    rule: 'storage-transport',
    good: [account, but(account, { minimumTlsVersion: 'TLS1_3' })],
    bad: [
      [
        [but(account, { minimumTlsVersion: 'TLS1_1' })],
        ['StorageAccount “host” takes TLS1_1; wanted: minimumTlsVersion 1.2 or newer.'],
      ],
      [
        [but(account, { minimumTlsVersion: undefined })],
        ['StorageAccount “host” leaves the TLS version to Azure; wanted: minimumTlsVersion 1.2 or newer.'],
      ],
      [
        [but(account, { enableHttpsTrafficOnly: false })],
        ['StorageAccount “host” may be called without TLS; wanted: enableHttpsTrafficOnly: true.'],
      ],
      [
        [
          but(
            { ...account, type: 'azure-native:storage/v20240101:StorageAccount' },
            { minimumTlsVersion: 'TLS1_0' },
          ),
        ],
        ['StorageAccount “host” takes TLS1_0; wanted: minimumTlsVersion 1.2 or newer.'],
      ],
    ],
  },
  {
    rule: 'sql-transport',
    good: [server],
    bad: [
      [
        [but(server, { minimalTlsVersion: 'None' })],
        ['Server “sql” takes None; wanted: minimalTlsVersion 1.2 or newer.'],
      ],
    ],
  },
  {
    rule: 'web-transport',
    good: [app, slot],
    bad: [
      [[but(app, { httpsOnly: false })], ['WebApp “app” answers http; wanted: httpsOnly: true.']],
      [
        [but(slot, { siteConfig: { ...site, minTlsVersion: '1.0', ftpsState: 'AllAllowed' } })],
        [
          'WebAppSlot “staging” takes 1.0; wanted: siteConfig.minTlsVersion 1.2 or newer.',
          'WebAppSlot “staging” takes files by FTP; wanted: siteConfig.ftpsState: Disabled.',
        ],
      ],
      [
        [but(app, { siteConfig: { ...site, scmMinTlsVersion: undefined } })],
        ['WebApp “app” leaves the TLS version to Azure; wanted: siteConfig.scmMinTlsVersion 1.2 or newer.'],
      ],
    ],
  },
  {
    rule: 'redis-transport',
    good: [cluster],
    bad: [
      [
        [but(cluster, { minimumTlsVersion: '1.0' })],
        ['RedisEnterprise “redis” takes 1.0; wanted: minimumTlsVersion 1.2 or newer.'],
      ],
    ],
  },
  {
    rule: 'redis-encrypted',
    good: [cache],
    bad: [
      [
        [but(cache, { clientProtocol: 'Plaintext' })],
        ['Database “redis” takes connections without TLS; wanted: clientProtocol: Encrypted.'],
      ],
    ],
  },
];

describe('transport', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(transport, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(transport, one);
    expect.hasAssertions();
  });
});
