import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { names } from './names.ts';

const account: Sample = {
  type: 'azure-native:storage:StorageAccount',
  name: 'host',
  props: { accountName: 'dsprodhostab12cd3' },
};
const vault: Sample = {
  type: 'azure-native:keyvault:Vault',
  name: 'vault',
  props: { vaultName: 'kv-prod-ab12cd3' },
};
const server: Sample = {
  type: 'azure-native:sql:Server',
  name: 'sql',
  props: { serverName: 'sql-datasync-prod' },
};
const share: Sample = {
  type: 'azure-native:storage:FileShare',
  name: 'share',
  props: { shareName: 'archive' },
};
const named = (name: string, props: Readonly<Record<string, unknown>> = {}): Sample => ({
  type: 'azure-native:web:WebApp',
  name,
  props: { name, ...props },
});
const slotOf = (app: string, slot: string): Sample => ({
  type: 'azure-native:web:WebAppSlot',
  name: slot,
  props: { name: app, slot },
});
const long = 'datasync-production-australiaeas'; // 32 characters

const cases: readonly RuleCase[] = [
  {
    rule: 'storage-account-name',
    good: [account, but(account, { accountName: undefined })],
    bad: ['ab', 'a'.repeat(25), 'Data', 'ds-host'].map((accountName) => [
      [but(account, { accountName })],
      [`StorageAccount “host” is to be called “${accountName}”; wanted: 3 to 24 of a–z and 0–9.`],
    ]),
  },
  {
    rule: 'key-vault-name',
    good: [vault],
    bad: ['1vault', 'kv--prod', 'kv-', 'k'.repeat(25)].map((vaultName) => [
      [but(vault, { vaultName })],
      [`Vault “vault” is to be called “${vaultName}”; wanted: 3 to 24 letters, digits and single dashes.`],
    ]),
  },
  {
    rule: 'sql-server-name',
    good: [server],
    bad: ['Sql', '-sql', 's'.repeat(64)].map((serverName) => [
      [but(server, { serverName })],
      [`Server “sql” is to be called “${serverName}”; wanted: 1 to 63 of a–z, 0–9 and dashes inside.`],
    ]),
  },
  {
    rule: 'share-name',
    good: [share],
    bad: ['ab', 'Archive', 'a--b', 'archive-'].map((shareName) => [
      [but(share, { shareName })],
      [
        `FileShare “share” is to be called “${shareName}”; wanted: 3 to 63 of a–z, 0–9 and single dashes inside.`,
      ],
    ]),
  },
  {
    rule: 'app-name',
    good: [named('ds-prod-ab12cd3')],
    bad: [
      [
        [named('-app')],
        ['WebApp “-app” is to be called “-app”; wanted: 2 to 60 letters, digits and dashes inside.'],
      ],
    ],
  },
  {
    rule: 'host-ids',
    good: [
      named('ds-prod-ab12cd3'),
      slotOf('ds-prod-ab12cd3', 'staging'),
      named('other', { name: undefined }),
      { ...slotOf('x', 'one'), props: { name: 'x' } },
      { ...slotOf('x', 'two'), props: { name: 'x' } },
    ],
    bad: [
      [
        [named(`${long}1`), named(`${long}2`)],
        [
          `WebApp “${long}2” is “${long}” to the host, and so is “${long}1”: they would share timer leases and keys; wanted: names that differ in their first 32 characters, slot included.`,
        ],
      ],
      [
        [named(long), slotOf(long, 'staging')],
        [
          `WebAppSlot “staging” is “${long}” to the host, and so is “${long}”: they would share timer leases and keys; wanted: names that differ in their first 32 characters, slot included.`,
        ],
      ],
    ],
  },
];

describe('names', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(names, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(names, one);
    expect.hasAssertions();
  });
});

it('B2 D4 host-ids takes an id that is set for it', async () => {
  const settings = (value: string) => ({
    siteConfig: { appSettings: [{ name: 'AzureFunctionsWebHost__hostid', value }] },
  });
  await expectVerdicts(names, {
    rule: 'host-ids',
    good: [named(`${long}1`, settings('one')), named(`${long}2`, settings('two'))],
    bad: [],
  });
  expect.hasAssertions();
});
