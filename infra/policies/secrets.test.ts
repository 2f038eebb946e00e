import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { secrets } from './secrets.ts';

const reference = '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/auth-secret)';
const app = (name: string, value: string | undefined): Sample => ({
  type: 'azure-native:web:WebApp',
  name: 'app',
  props: { siteConfig: { appSettings: [{ name, value }] } },
});
const apart = (name: string, value: string): Sample => ({
  type: 'azure-native:web:WebAppApplicationSettings',
  name: 'settings',
  props: { properties: { [name]: value } },
});
const outputs = (props: Readonly<Record<string, unknown>>): Sample => ({
  type: 'pulumi:pulumi:Stack',
  name: 'datasync-production',
  props,
});
const key = `${'aB3+'.repeat(21)}xY==`;
const holds = (what: string, setting: string, who = 'WebApp “app”'): string =>
  `${who} holds ${what} in ${setting}; wanted: @Microsoft.KeyVault(…) as the value of ${setting}.`;
const itself = (setting: string, who = 'WebApp “app”'): string =>
  `${who} holds the secret ${setting} itself; wanted: @Microsoft.KeyVault(…) as the value of ${setting}.`;

const cases: readonly RuleCase[] = [
  {
    rule: 'secret-settings',
    good: [
      app('AUTH_SECRET', reference),
      app('AUTH_SECRET', undefined),
      app('LOG_LEVEL', 'info'),
      app('AzureWebJobsStorage__accountName', 'dsprodhost'),
      app(
        'ANYTHING',
        'InstrumentationKey=11111111-2222-3333-4444-555555555555;IngestionEndpoint=https://x.in.applicationinsights.azure.com/',
      ),
    ],
    bad: [
      [[app('AUTH_SECRET', 'k3Jx9vQm2Rt7Yw4Zp8Ns6Lb1Hd5Gf0Ce3Ua7Io9Ek2Mq')], [itself('AUTH_SECRET')]],
      [[app('DATABASE_URL', 'mssql://server/db')], [itself('DATABASE_URL')]],
      [
        [app('ANYTHING', `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${key}`)],
        [holds('an account key', 'ANYTHING')],
      ],
      [[app('ANYTHING', key)], [holds('what looks like the key of a storage account', 'ANYTHING')]],
      [
        [app('ANYTHING', 'https://a.file.core.windows.net/?sv=1&sig=abc')],
        [holds('a signature', 'ANYTHING')],
      ],
      [[app('ANYTHING', 'Server=s;Password=p')], [holds('a password', 'ANYTHING')]],
      [
        [app('ANYTHING', 'postgres://user:pass@host/db')],
        [holds('an address with a password in it', 'ANYTHING')],
      ],
      [[app('ANYTHING', '-----BEGIN PRIVATE KEY-----')], [holds('a private key', 'ANYTHING')]],
    ],
  },
  {
    rule: 'secret-settings-apart',
    good: [apart('AUTH_SECRET', reference), apart('LOG_LEVEL', 'info')],
    bad: [
      [
        [apart('WORKFLOW_API_KEY', 'a-plain-word')],
        [itself('WORKFLOW_API_KEY', 'WebAppApplicationSettings “settings”')],
      ],
    ],
  },
  {
    rule: 'outputs-without-secrets',
    good: [outputs({ app: 'ds-prod', address: 'https://ds-prod.azurewebsites.net', keyVault: 'kv-prod' })],
    bad: [
      [
        [outputs({ files: { connection: `AccountKey=${key}` } })],
        ['The stack gives out an account key (files.connection); wanted: the name of where it is kept.'],
      ],
      [
        [outputs({ adminPassword: 'hunter2' })],
        ['The stack gives out a secret, by its name (adminPassword); wanted: the name of where it is kept.'],
      ],
    ],
  },
];

describe('secrets', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(secrets, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(secrets, one);
    expect.hasAssertions();
  });
});

it('D4 secret-settings judges the other settings when one is not known yet', async () => {
  const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
  const mixed: Sample = {
    type: 'azure-native:web:WebApp',
    name: 'app',
    props: {
      siteConfig: {
        appSettings: [
          { name: 'DATABASE_URL', value: unknown },
          { name: 'AUTH_SECRET', value: 'plain' },
        ],
      },
    },
  };
  await expectVerdicts(secrets, {
    rule: 'secret-settings',
    good: [],
    bad: [[[mixed], [itself('AUTH_SECRET')]]],
  });
  expect.hasAssertions();
});
