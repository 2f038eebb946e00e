import { resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import type { Stack, StackResource } from './stack.ts';
import { dataAtStake } from './dataAtStake.ts';
import { copiedAndDropped } from './exceptions.ts';

const leastDays = 7;
const vaultDays = 90;

export const keepingData: Subject = {
  title: 'Keeping data',
  rules: [
    resourceRule({
      name: 'share-soft-delete',
      wants: `A deleted share can be taken back for ${leastDays} days or more.`,
      types: ['azure-native:storage:FileServiceProperties'],
      breaches: ({ shareDeleteRetentionPolicy }) =>
        tooShort('shareDeleteRetentionPolicy', shareDeleteRetentionPolicy),
    }),
    resourceRule({
      name: 'blob-soft-delete',
      wants: `A deleted blob or container can be taken back for ${leastDays} days or more.`,
      types: ['azure-native:storage:BlobServiceProperties'],
      breaches: ({ deleteRetentionPolicy, containerDeleteRetentionPolicy }) => [
        ...tooShort('deleteRetentionPolicy', deleteRetentionPolicy),
        ...tooShort('containerDeleteRetentionPolicy', containerDeleteRetentionPolicy),
      ],
    }),
    stackRule({
      name: 'soft-delete-everywhere',
      wants:
        'Every storage account says what becomes of deleted blobs, and with shares also of deleted shares.',
      breaches: accountsWithoutSoftDelete,
    }),
    resourceRule({
      name: 'vault-soft-delete',
      wants: `A deleted key vault or secret can be taken back for ${vaultDays} days, and nobody can purge it before.`,
      types: ['azure-native:keyvault:Vault'],
      breaches: ({ properties }) => [
        ...(properties?.enablePurgeProtection === true
          ? []
          : [{ is: 'may be purged', wanted: 'enablePurgeProtection: true' }]),
        ...(properties?.enableSoftDelete === true
          ? []
          : [{ is: 'does not say that it deletes softly', wanted: 'enableSoftDelete: true' }]),
        ...((properties?.softDeleteRetentionInDays ?? 0) >= vaultDays
          ? []
          : [
              {
                is: `keeps what was deleted for ${properties?.softDeleteRetentionInDays ?? 'an unstated number of'} days`,
                wanted: `softDeleteRetentionInDays: ${vaultDays}`,
              },
            ]),
      ],
    }),
    resourceRule({
      name: 'protected',
      wants: 'What holds data is protected: Pulumi refuses to delete or replace it.',
      types: dataAtStake.map(({ type }) => type),
      exceptions: [copiedAndDropped],
      breaches: (_, { isProtected }) =>
        isProtected ? [] : [{ is: 'may be deleted by an update', wanted: 'the option protect: true' }],
    }),
    stackRule({
      name: 'locked',
      wants:
        'Share, database, vault and storage accounts, or what they stand in, carry a lock against deletion.',
      exceptions: [copiedAndDropped],
      breaches: withoutLock,
    }),
  ],
};

function tooShort(
  property: string,
  kept: { enabled?: boolean | undefined; days?: number | undefined } | undefined,
) {
  if (kept?.enabled === true && (kept.days ?? 0) >= leastDays) return [];
  const is =
    kept?.enabled === true
      ? `keeps what was deleted for ${kept.days ?? 'an unstated number of'} days (${property})`
      : `keeps nothing that was deleted (${property})`;
  return [{ is, wanted: `${property}: enabled, ${leastDays} days or more` }];
}

function accountsWithoutSoftDelete(stack: Stack): StackBreach[] {
  const shares = stack.of('azure-native:storage:FileShare');
  const hasOne = (services: readonly StackResource[], account: StackResource): boolean =>
    services.some((service) => service.refersTo('accountName', account));
  return stack.of('azure-native:storage:StorageAccount').flatMap((account) => [
    ...(hasOne(stack.of('azure-native:storage:BlobServiceProperties'), account)
      ? []
      : [
          {
            of: account,
            is: 'leaves deleted blobs to Azure’s default: gone',
            wanted: 'BlobServiceProperties',
          },
        ]),
    ...(!hasOne(shares, account) || hasOne(stack.of('azure-native:storage:FileServiceProperties'), account)
      ? []
      : [
          {
            of: account,
            is: 'has shares and leaves deleted ones to Azure’s default',
            wanted: 'FileServiceProperties',
          },
        ]),
  ]);
}

/** A lock holds for what is below it; ReadOnly would stop keys from being listed, and so SAS from being signed. */
function withoutLock(stack: Stack): StackBreach[] {
  const locks = stack
    .of('azure-native:authorization:ManagementLockByScope')
    .filter(({ props }) => props.level === 'CanNotDelete');
  const isLocked = (resource: StackResource): boolean =>
    locks.some((lock) => lock.refersTo('scope', resource)) || containersOf(resource, stack).some(isLocked);
  const lockable = dataAtStake.filter(({ needsLock }) => needsLock);
  return lockable
    .flatMap(({ type }) => stack.of(type))
    .filter((resource) => !isLocked(resource))
    .map((of) => ({
      of,
      is: 'can be deleted by whoever may administer it',
      wanted: 'a ManagementLockByScope of level CanNotDelete on it, its account or its server',
    }));
}

function containersOf(resource: StackResource, stack: Stack): readonly StackResource[] {
  return [
    ...stack.of('azure-native:storage:StorageAccount').filter((one) => resource.refersTo('accountName', one)),
    ...stack.of('azure-native:sql:Server').filter((one) => resource.refersTo('serverName', one)),
  ];
}
