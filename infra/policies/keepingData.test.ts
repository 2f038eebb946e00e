import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { keepingData } from './keepingData.ts';

const kept = { enabled: true, days: 7 };
const files: Sample = {
  type: 'azure-native:storage:FileServiceProperties',
  name: 'files',
  props: { shareDeleteRetentionPolicy: kept },
  from: { accountName: ['account'] },
};
const blobs: Sample = {
  type: 'azure-native:storage:BlobServiceProperties',
  name: 'blobs',
  props: { deleteRetentionPolicy: kept, containerDeleteRetentionPolicy: kept },
  from: { accountName: ['account'] },
};
const account: Sample = { type: 'azure-native:storage:StorageAccount', name: 'account', protect: true };
const share: Sample = {
  type: 'azure-native:storage:FileShare',
  name: 'archive',
  protect: true,
  from: { accountName: ['account'] },
};
const softVault = { enableSoftDelete: true, softDeleteRetentionInDays: 90, enablePurgeProtection: true };
const vault: Sample = {
  type: 'azure-native:keyvault:Vault',
  name: 'vault',
  protect: true,
  props: { properties: softVault },
};
const server: Sample = { type: 'azure-native:sql:Server', name: 'sql', protect: true };
const database: Sample = {
  type: 'azure-native:sql:Database',
  name: 'database',
  protect: true,
  from: { serverName: ['sql'] },
};
const lockOn = (scope: string, level = 'CanNotDelete'): Sample => ({
  type: 'azure-native:authorization:ManagementLockByScope',
  name: `lock on ${scope}`,
  props: { level },
  from: { scope: [scope] },
});
const unlocked = (who: string): string =>
  `${who} can be deleted by whoever may administer it; wanted: a ManagementLockByScope of level CanNotDelete on it, its account or its server.`;

const cases: readonly RuleCase[] = [
  {
    rule: 'share-soft-delete',
    good: [files],
    bad: [
      [
        [but(files, { shareDeleteRetentionPolicy: { enabled: true, days: 3 } })],
        [
          'FileServiceProperties “files” keeps what was deleted for 3 days (shareDeleteRetentionPolicy); wanted: shareDeleteRetentionPolicy: enabled, 7 days or more.',
        ],
      ],
      [
        [but(files, { shareDeleteRetentionPolicy: { enabled: true } })],
        [
          'FileServiceProperties “files” keeps what was deleted for an unstated number of days (shareDeleteRetentionPolicy); wanted: shareDeleteRetentionPolicy: enabled, 7 days or more.',
        ],
      ],
      [
        [but(files, { shareDeleteRetentionPolicy: undefined })],
        [
          'FileServiceProperties “files” keeps nothing that was deleted (shareDeleteRetentionPolicy); wanted: shareDeleteRetentionPolicy: enabled, 7 days or more.',
        ],
      ],
    ],
  },
  {
    rule: 'blob-soft-delete',
    good: [blobs],
    bad: [
      [
        [but(blobs, { containerDeleteRetentionPolicy: { enabled: false } })],
        [
          'BlobServiceProperties “blobs” keeps nothing that was deleted (containerDeleteRetentionPolicy); wanted: containerDeleteRetentionPolicy: enabled, 7 days or more.',
        ],
      ],
    ],
  },
  {
    rule: 'soft-delete-everywhere',
    good: [
      account,
      share,
      files,
      blobs,
      { ...account, name: 'other' },
      { ...blobs, from: { accountName: ['other'] } },
    ],
    bad: [
      [
        [account, share, blobs],
        [
          'StorageAccount “account” has shares and leaves deleted ones to Azure’s default; wanted: FileServiceProperties.',
        ],
      ],
      [
        [account, files],
        [
          'StorageAccount “account” leaves deleted blobs to Azure’s default: gone; wanted: BlobServiceProperties.',
        ],
      ],
    ],
  },
  {
    rule: 'vault-soft-delete',
    good: [vault],
    bad: [
      [
        [but(vault, { properties: { ...softVault, softDeleteRetentionInDays: undefined } })],
        [
          'Vault “vault” keeps what was deleted for an unstated number of days; wanted: softDeleteRetentionInDays: 90.',
        ],
      ],
      [
        [but(vault, { properties: { ...softVault, enablePurgeProtection: undefined } })],
        ['Vault “vault” may be purged; wanted: enablePurgeProtection: true.'],
      ],
      [
        [
          but(vault, {
            properties: { ...softVault, softDeleteRetentionInDays: 30, enableSoftDelete: false },
          }),
        ],
        [
          'Vault “vault” does not say that it deletes softly; wanted: enableSoftDelete: true.',
          'Vault “vault” keeps what was deleted for 30 days; wanted: softDeleteRetentionInDays: 90.',
        ],
      ],
    ],
  },
  {
    rule: 'protected',
    good: [account, share, server, database, vault],
    bad: [account, share, server, database, vault].map((sample) => [
      [{ ...sample, protect: false }],
      [
        `${sample.type.split(':').at(-1) ?? ''} “${sample.name ?? ''}” may be deleted by an update; wanted: the option protect: true.`,
      ],
    ]),
  },
  {
    rule: 'locked',
    good: [account, share, server, database, vault, lockOn('account'), lockOn('sql'), lockOn('vault')],
    bad: [
      [
        [account, share, server, database, vault, lockOn('database')],
        [
          unlocked('FileShare “archive”'),
          unlocked('StorageAccount “account”'),
          unlocked('Server “sql”'),
          unlocked('Vault “vault”'),
        ],
      ],
      [[vault, lockOn('vault', 'ReadOnly')], [unlocked('Vault “vault”')]],
    ],
  },
];

describe('keepingData', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(keepingData, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(keepingData, one);
    expect.hasAssertions();
  });
});
