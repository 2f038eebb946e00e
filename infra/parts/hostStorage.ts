import * as storage from '@pulumi/azure-native/storage/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import type { Network } from './network.ts';

/** The account of the Functions host: queues, timer leases, tables of logs. Identity is the only way in: it has no shared key. */
export class HostStorage extends pulumi.ComponentResource {
  readonly account: storage.StorageAccount;
  /** What was deployed, kept for the way back (docs/deployment.md); Flex Consumption runs from there. */
  readonly packages: storage.BlobContainer;

  constructor(place: Place, network: Network) {
    super('datasync:storage:HostStorage', 'host-storage');
    const { configuration, names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    const isPrivate = configuration.network.private;
    this.account = new storage.StorageAccount(
      'host-storage',
      {
        accountName: names.hostStorage,
        resourceGroupName,
        location,
        tags,
        kind: 'StorageV2',
        // What is lost with it is leases, hints and logs: a second copy elsewhere is not worth its price, a zone is.
        sku: { name: configuration.files.redundancy.endsWith('ZRS') ? 'Standard_ZRS' : 'Standard_LRS' },
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        defaultToOAuthAuthentication: true,
        allowCrossTenantReplication: false,
        minimumTlsVersion: 'TLS1_2',
        enableHttpsTrafficOnly: true,
        publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled',
        networkRuleSet: {
          defaultAction: 'Deny',
          bypass: 'AzureServices',
          virtualNetworkRules: [{ virtualNetworkResourceId: network.appSubnetId, action: 'Allow' }],
          ipRules: configuration.network.operatorAddresses.map((address) => ({
            iPAddressOrRange: storageRange(address),
            action: 'Allow' as const,
          })),
        },
      },
      { ...parent, protect: true },
    );
    new storage.BlobServiceProperties(
      'host-blobs',
      {
        accountName: this.account.name,
        resourceGroupName,
        blobServicesName: 'default',
        deleteRetentionPolicy: { enabled: true, days: 7 },
        containerDeleteRetentionPolicy: { enabled: true, days: 7 },
      },
      parent,
    );
    new storage.Queue(
      'slices',
      { queueName: 'slices', accountName: this.account.name, resourceGroupName },
      parent,
    );
    this.packages = new storage.BlobContainer(
      'packages',
      { containerName: 'packages', accountName: this.account.name, resourceGroupName, publicAccess: 'None' },
      parent,
    );
    this.registerOutputs({});
  }
}

/** Azure Storage takes a range of up to /30, and single addresses without a mask. */
export function storageRange(address: string): string {
  return address.replace(/\/32$/, '');
}
