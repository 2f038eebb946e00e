import * as storage from '@pulumi/azure-native/storage/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import { storageRange } from './hostStorage.ts';
import type { Network } from './network.ts';

/** Everybody comes by REST over HTTPS. Without NTLM nobody mounts a share with an account key. */
const noMountByKey = {
  versions: 'SMB3.1.1',
  authenticationMethods: 'Kerberos',
  kerberosTicketEncryption: 'AES-256',
  channelEncryption: 'AES-256-GCM',
};

/** Agents may read releases and nothing else there; functions and pipelines write them. */
const RELEASES = 'releases';

/**
 * The account of the archive. It keeps its two keys, which every SAS of an agent is signed with and which rotate in turn; it is
 * none of the host's, so that who has one has not the other. Protected: no change of this program deletes or replaces it.
 */
export class FilesStorage extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  readonly shares: readonly storage.FileShare[];
  readonly releases: storage.BlobContainer;

  constructor(place: Place, network: Network) {
    super('datasync:storage:FilesStorage', 'files-storage');
    const { configuration, resourceGroupName } = place;
    const parent = { parent: this };
    this.account = this.#account(place, network);
    const accountName = this.account.name;
    const service = new storage.FileServiceProperties(
      'files',
      {
        accountName,
        resourceGroupName,
        fileServicesName: 'default',
        shareDeleteRetentionPolicy: { enabled: true, days: configuration.files.softDeleteDays },
        protocolSettings: { smb: noMountByKey },
      },
      parent,
    );
    this.shares = configuration.files.shares.map(
      ({ name, quotaGb }) =>
        new storage.FileShare(
          `share-${name}`,
          {
            shareName: name,
            accountName,
            resourceGroupName,
            shareQuota: quotaGb,
            accessTier: 'TransactionOptimized',
          },
          // After the policy: a share deleted before it is gone at once. Access policies are the functions' to write.
          { ...parent, protect: true, dependsOn: [service], ignoreChanges: ['signedIdentifiers'] },
        ),
    );
    new storage.BlobServiceProperties(
      'files-blobs',
      {
        accountName,
        resourceGroupName,
        blobServicesName: 'default',
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: configuration.files.softDeleteDays },
        containerDeleteRetentionPolicy: { enabled: true, days: configuration.files.softDeleteDays },
      },
      parent,
    );
    this.releases = new storage.BlobContainer(
      'releases',
      { containerName: RELEASES, accountName, resourceGroupName, publicAccess: 'None' },
      parent,
    );
    this.registerOutputs({});
  }

  #account(place: Place, network: Network): storage.StorageAccount {
    const { configuration, names, resourceGroupName, location, tags } = place;
    const { agentAddresses, operatorAddresses } = configuration.network;
    const adopted = configuration.restore?.adoptFilesAccountId;
    return new storage.StorageAccount(
      'files-storage',
      {
        accountName: adopted?.split('/').at(-1) ?? names.filesStorage,
        resourceGroupName,
        location,
        tags,
        kind: 'StorageV2',
        sku: { name: `Standard_${configuration.files.redundancy}` },
        largeFileSharesState: 'Enabled',
        allowSharedKeyAccess: true,
        // A SAS of an agent lives for a day at most; Azure notes in its logs which were signed for longer.
        sasPolicy: { sasExpirationPeriod: '1.00:05:00', expirationAction: 'Log' },
        keyPolicy: { keyExpirationPeriodInDays: 90 },
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        minimumTlsVersion: 'TLS1_2',
        enableHttpsTrafficOnly: true,
        publicNetworkAccess: 'Enabled',
        networkRuleSet: {
          defaultAction: agentAddresses.length === 0 ? 'Allow' : 'Deny',
          bypass: 'AzureServices',
          virtualNetworkRules: [{ virtualNetworkResourceId: network.appSubnetId, action: 'Allow' }],
          ipRules: [...agentAddresses, ...operatorAddresses].map((address) => ({
            iPAddressOrRange: storageRange(address),
            action: 'Allow' as const,
          })),
        },
      },
      { parent: this, protect: true, ...(adopted === undefined ? {} : { import: adopted }) },
    );
  }
}
