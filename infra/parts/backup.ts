import * as recoveryservices from '@pulumi/azure-native/recoveryservices/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import type { FilesStorage } from './filesStorage.ts';

/** Two in the morning in eastern Australia; snapshots of shares cost no one anything, wherever it is day. */
const DAILY_AT = '2026-01-01T16:00:00Z';

/** A snapshot of each share a day, kept by a policy that no function can change. */
export class Backup extends pulumi.ComponentResource {
  readonly vault: recoveryservices.Vault;

  constructor(place: Place, files: FilesStorage) {
    super('datasync:backup:Backup', 'backup');
    const { resourceGroupName } = place;
    this.vault = recoveryVault(place, this);
    const vaultName = this.vault.name;
    const policy = dailyPolicy(place, vaultName, this);
    const container = new recoveryservices.ProtectionContainer(
      'backup-container',
      {
        containerName: pulumi.interpolate`StorageContainer;Storage;${resourceGroupName};${files.account.name}`,
        fabricName: 'Azure',
        vaultName,
        resourceGroupName,
        properties: {
          containerType: 'StorageContainer',
          backupManagementType: 'AzureStorage',
          sourceResourceId: files.account.id,
        },
      },
      { parent: this },
    );
    for (const [index, share] of files.shares.entries())
      new recoveryservices.ProtectedItem(
        `backup-${place.configuration.files.shares[index]?.name ?? ''}`,
        {
          protectedItemName: pulumi.interpolate`AzureFileShare;${share.name}`,
          containerName: container.name,
          fabricName: 'Azure',
          vaultName,
          resourceGroupName,
          properties: {
            protectedItemType: 'AzureFileShareProtectedItem',
            // Of the account: Azure finds the share by the item's name.
            sourceResourceId: files.account.id,
            policyId: policy.id,
          },
        },
        { parent: this, protect: true, dependsOn: [share] },
      );
    this.registerOutputs({});
  }
}

function recoveryVault(
  { configuration, names, resourceGroupName, location, tags }: Place,
  parent: pulumi.Resource,
) {
  const isGeo = configuration.files.redundancy.startsWith('G');
  const isZone = configuration.files.redundancy === 'ZRS';
  return new recoveryservices.Vault(
    'recovery-vault',
    {
      vaultName: names.named('rsv'),
      resourceGroupName,
      location,
      tags,
      sku: { name: 'RS0', tier: 'Standard' },
      properties: {
        publicNetworkAccess: 'Enabled',
        redundancySettings: {
          standardTierStorageRedundancy: isGeo
            ? 'GeoRedundant'
            : isZone
              ? 'ZoneRedundant'
              : 'LocallyRedundant',
          crossRegionRestore: 'Disabled',
        },
        securitySettings: {
          softDeleteSettings: { softDeleteState: 'Enabled', softDeleteRetentionPeriodInDays: 14 },
        },
        monitoringSettings: { azureMonitorAlertSettings: { alertsForAllJobFailures: 'Enabled' } },
      },
    },
    { parent, protect: true },
  );
}

function dailyPolicy(
  { configuration, resourceGroupName }: Place,
  vaultName: pulumi.Output<string>,
  parent: pulumi.Resource,
) {
  return new recoveryservices.ProtectionPolicy(
    'daily-snapshots',
    {
      policyName: 'daily-snapshots',
      vaultName,
      resourceGroupName,
      properties: {
        backupManagementType: 'AzureStorage',
        workLoadType: 'AzureFileShare',
        timeZone: 'UTC',
        schedulePolicy: {
          schedulePolicyType: 'SimpleSchedulePolicy',
          scheduleRunFrequency: 'Daily',
          scheduleRunTimes: [DAILY_AT],
        },
        retentionPolicy: {
          retentionPolicyType: 'LongTermRetentionPolicy',
          dailySchedule: {
            retentionTimes: [DAILY_AT],
            retentionDuration: { count: configuration.files.snapshotDays, durationType: 'Days' },
          },
        },
      },
    },
    { parent },
  );
}
