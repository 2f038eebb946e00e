import { beforeAll, describe, expect, it } from 'vitest';
import { functionSettings } from '../../shared/settings/functions.ts';
import { readSettings } from '../../functions/platform/settings.ts';
import { grants, roles } from '../../infra/parts/roles.ts';
import { computed } from '../../infra/settings/computed.ts';
import { plumbing } from '../../infra/settings/plumbing.ts';
import type { RecordedResource, Recording } from './engine/recorded.ts';
import { leastConfiguration, recordProgram, recordStack } from './recordProgram.ts';

const { sql, secrets = {} } = leastConfiguration;
let standard: Recording;
let flex: Recording;

beforeAll(async () => {
  standard = await recordStack();
  flex = await recordStack({
    plan: { kind: 'flexConsumption' },
    sql: { ...sql, sku: 'S4' },
    network: { private: true },
    redis: true,
    secondRegion: 'australiasoutheast',
    files: { redundancy: 'GZRS' },
  });
});

const ofType = ({ resources }: Recording, type: string): readonly RecordedResource[] =>
  resources.filter((resource) => resource.type === `azure-native:${type}`);
const named = ({ resources }: Recording, name: string): RecordedResource => {
  const found = resources.find((resource) => resource.isCustom && resource.name === name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
};

/** What the functions see of the app's settings: App Service puts secrets in the place of references. */
function environmentOf(recording: Recording, app: string): Record<string, string> {
  const { appSettings } = named(recording, app).inputs['siteConfig'] as {
    appSettings: readonly { name: string; value: string }[];
  };
  const kept = new Map(
    ofType(recording, 'keyvault:Secret').map(({ inputs }) => [
      String(inputs['secretName']),
      (inputs['properties'] as { value: string }).value,
    ]),
  );
  const resolved = (value: string): string => {
    const secret =
      /^@Microsoft\.KeyVault\(SecretUri=https:\/\/[\w-]+\.vault\.azure\.net\/secrets\/([\w-]+)\/\)$/.exec(
        value,
      );
    return secret === null ? value : (kept.get(secret[1] ?? '') ?? 'a secret that is not there');
  };
  return Object.fromEntries(appSettings.map(({ name, value }) => [name, resolved(value)]));
}

describe('the default stack', () => {
  it('D1 makes the platform and complains of nothing', () => {
    const types = new Set(standard.resources.map(({ type }) => type.replace('azure-native:', '')));
    for (const type of [
      'sql:Database',
      'storage:FileShare',
      'web:WebAppSlot',
      'keyvault:Vault',
      'applicationinsights:Component',
      'monitor:ActionGroup',
      'monitor:MetricAlert',
      'monitor:ScheduledQueryRule',
      'applicationinsights:Workbook',
      'recoveryservices:ProtectedItem',
      'consumption:Budget',
      'monitor:DiagnosticSetting',
      'authorization:ManagementLockByScope',
    ])
      expect(types).toContain(type);
    for (const type of ['network:PrivateEndpoint', 'redisenterprise:Database', 'sql:FailoverGroup'])
      expect(types).not.toContain(type);
    expect([...standard.complaints, ...flex.complaints]).toEqual([]);
  });

  it('D1 has the database of 250 GB on S0, a point in time of seven days, and snapshots kept for seven', () => {
    expect(named(standard, 'database').inputs).toMatchObject({
      databaseName: 'DataSync',
      sku: { name: 'S0' },
      maxSizeBytes: 250 * 1024 ** 3,
    });
    expect(named(standard, 'point-in-time').inputs).toMatchObject({ retentionDays: 7 });
    expect(named(standard, 'daily-snapshots').inputs).toMatchObject({
      properties: {
        retentionPolicy: { dailySchedule: { retentionDuration: { count: 7, durationType: 'Days' } } },
      },
    });
    expect(named(standard, 'files-storage').inputs).toMatchObject({ sku: { name: 'Standard_LRS' } });
    expect(named(standard, 'files').inputs).toMatchObject({
      shareDeleteRetentionPolicy: { enabled: true, days: 14 },
      protocolSettings: { smb: { authenticationMethods: 'Kerberos' } },
    });
    expect(named(standard, 'vault').inputs).toMatchObject({
      properties: { softDeleteRetentionInDays: 90, enablePurgeProtection: true },
    });
  });

  it('D4 protects data: no change of the program deletes or replaces it', () => {
    const data = /:(?:ResourceGroup|StorageAccount|FileShare|Database|Server|Vault|ProtectedItem)$/;
    const unprotected = [...standard.resources, ...flex.resources].filter(
      ({ type, isCustom, isProtected }) =>
        isCustom && data.test(type) && !type.includes('redis') && !isProtected,
    );
    expect(unprotected.map(({ urn }) => urn)).toEqual([]);
  });
});

describe('who may do what', () => {
  it('D1 the app has roles on data alone, each on the one resource that it is for', () => {
    const given = ofType(standard, 'authorization:RoleAssignment').map(({ inputs }) => [
      Object.values(roles).find(({ id }) => String(inputs['roleDefinitionId']).endsWith(id))?.name,
      String(inputs['scope']).split('/providers/').at(-1),
    ]);
    const { hostStorageAccount, filesStorageAccount, keyVault } = standard.outputs as Record<string, string>;
    expect(given.map((one) => one.join(' on ')).sort()).toEqual([
      `Key Vault Secrets User on Microsoft.keyvault/Vault/${String(keyVault)}`,
      `Storage Blob Data Contributor on Microsoft.storage/${String(filesStorageAccount)}/BlobContainer/releases`,
      `Storage Blob Data Owner on Microsoft.storage/StorageAccount/${String(hostStorageAccount)}`,
      `Storage Queue Data Contributor on Microsoft.storage/StorageAccount/${String(hostStorageAccount)}`,
      `Storage Table Data Contributor on Microsoft.storage/StorageAccount/${String(hostStorageAccount)}`,
    ]);
    expect(given).toHaveLength(grants.length);
    const { principalId } = named(standard, 'identity').outputs;
    for (const { inputs } of ofType(standard, 'authorization:RoleAssignment'))
      expect(inputs['principalId']).toBe(principalId);
  });

  it('D1 no secret stands anywhere but in the vault, and in no output', () => {
    const { value: connection } = named(standard, 'secret-files-connection').inputs['properties'] as {
      value: string;
    };
    const [, accountKey = ''] = /AccountKey=([^;]+)/.exec(connection) ?? [];
    const texts = [...Object.values(secrets).map(String), accountKey];
    expect(texts.every((text) => text.length > 20)).toBe(true);
    const elsewhere = standard.resources.filter(({ type }) => type !== 'azure-native:keyvault:Secret');
    const shown = JSON.stringify([elsewhere, standard.outputs]);
    expect(texts.filter((text) => shown.includes(text))).toEqual([]);
    const kept = ofType(standard, 'keyvault:Secret');
    expect(
      kept.filter(({ secretPaths }) => !secretPaths.includes('properties.value')).map(({ name }) => name),
    ).toEqual([]);
    expect(standard.secretOutputs).toEqual([]);
  });

  it('D7 the key that rotation writes is not taken back by the next update', () => {
    expect(named(standard, 'secret-files-connection').ignoreChanges).toContain('properties.value');
  });
});

describe('settings', () => {
  it.each(['app', 'staging'])('D3 the functions read those of the %s as they stand', (app) => {
    const settings = readSettings(environmentOf(standard, app));
    expect(settings).toMatchObject({
      DB_POOL_MAX: 20,
      FILES_REDUNDANCY: 'LRS',
      SHARE_SNAPSHOTS_KEEP: 7,
      BACKGROUND_WORK: app === 'app',
      AzureWebJobsStorage__accountName: standard.outputs['hostStorageAccount'],
      AUTH_SECRET: secrets['AUTH_SECRET'],
    });
    expect(settings.DATABASE_URL).toContain(
      `${String(standard.outputs['sqlServer'])}:1433/DataSync?encrypt=true`,
    );
    expect(settings.FILES_CREDENTIAL_URL).toBe(
      `https://${String(standard.outputs['keyVault'])}.vault.azure.net/secrets/files-connection`,
    );
  });

  it('D3 nothing is provisioned that is neither declared nor plumbing, and no plumbing is declared', () => {
    const known = new Set([...Object.keys(functionSettings), ...Object.keys(plumbing)]);
    const provisioned = [
      ...['app', 'staging'].map((app) => environmentOf(standard, app)),
      environmentOf(flex, 'app'),
    ].flatMap((environment) => Object.keys(environment));
    expect(provisioned.filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(plumbing).filter((name) => name in functionSettings)).toEqual([]);
    expect(Object.keys(plumbing).filter((name) => !provisioned.includes(name))).toEqual([]);
  });

  it('D3 S16 every setting that follows from what is made is given to the app, and its slot, as it was made', () => {
    const given = (recording: Recording, app: string) =>
      Object.keys(computed).filter((name) => !(name in environmentOf(recording, app)));
    expect(given(standard, 'app')).toEqual(['REDIS_URL']);
    expect(given(standard, 'staging')).toEqual(['REDIS_URL']);
    expect(given(flex, 'app')).toEqual([]);
    expect(environmentOf(standard, 'app')).toMatchObject({
      FILES_REDUNDANCY: 'LRS',
      SHARE_SNAPSHOTS_KEEP: '7',
      DB_POOL_MAX: '20',
    });
    expect(environmentOf(flex, 'app')).toMatchObject({ FILES_REDUNDANCY: 'GZRS', DB_POOL_MAX: '3' });
  });

  it('D3 what a stack says reaches the functions: plain in the app, secret through the vault', async () => {
    const recording = await recordStack({
      settings: { OFFLINE_MINUTES: 20, PEOPLE_API_URL: 'https://api.example.com/people' },
      secrets: { ...secrets, PEOPLE_API_TOKEN: 'token-of-the-people-api' },
    });
    expect(readSettings(environmentOf(recording, 'app'))).toMatchObject({
      OFFLINE_MINUTES: 20,
      PEOPLE_API_URL: 'https://api.example.com/people',
      PEOPLE_API_TOKEN: 'token-of-the-people-api',
    });
    expect(JSON.stringify(named(recording, 'app').inputs)).not.toContain('token-of-the-people-api');
  });
});

describe('switches', () => {
  it('D1 Flex Consumption has no slot, nothing that its host refuses, and a pool that the database bears', () => {
    expect(ofType(flex, 'web:WebAppSlot')).toEqual([]);
    const environment = environmentOf(flex, 'app');
    expect(Object.keys(environment).filter((name) => /^(?:FUNCTIONS|WEBSITE)_/.test(name))).toEqual([]);
    expect(Number(environment['DB_POOL_MAX']) * 40).toBeLessThanOrEqual(120);
    expect(named(flex, 'app').inputs).toMatchObject({
      functionAppConfig: {
        runtime: { name: 'node', version: '24' },
        deployment: { storage: { authentication: { type: 'UserAssignedIdentity' } } },
      },
    });
    expect(named(flex, 'app').inputs['siteConfig']).not.toHaveProperty('alwaysOn');
    expect(named(flex, 'app-subnet').inputs).toMatchObject({
      delegations: [{ serviceName: 'Microsoft.App/environments' }],
    });
  });

  it('D1 private networking leaves a public address to the archive’s account alone', () => {
    for (const name of ['host-storage', 'sql', 'sql-standby'])
      expect(named(flex, name).inputs['publicNetworkAccess']).toBe('Disabled');
    expect(named(flex, 'vault').inputs).toMatchObject({ properties: { publicNetworkAccess: 'Disabled' } });
    expect(named(flex, 'files-storage').inputs['publicNetworkAccess']).toBe('Enabled');
    const parts = ofType(flex, 'network:PrivateEndpoint').map(({ name }) => name.replace('endpoint-', ''));
    expect(parts.sort()).toEqual([
      'host-blob',
      'host-queue',
      'host-table',
      'redis',
      'sql',
      'sql-standby',
      'vault',
    ]);
  });

  it('D1 a second region has a replica, and the app one name for both', () => {
    expect(named(flex, 'database-standby').inputs).toMatchObject({
      createMode: 'Secondary',
      location: 'australiasoutheast',
    });
    const [group] = ofType(flex, 'sql:FailoverGroup');
    expect(environmentOf(flex, 'app')['DATABASE_URL']).toContain(
      `mssql://${String(group?.inputs['failoverGroupName'])}.database.windows.net:`,
    );
  });

  it('D1 a person fails the database over by an output, to the standby; back without loss; and nothing else is in that region', () => {
    const [group] = ofType(flex, 'sql:FailoverGroup');
    const command = (server: string) =>
      `az sql failover-group set-primary --resource-group ${String(flex.outputs['resourceGroup'])} --server ${String(named(flex, server).inputs['serverName'])} --name ${String(group?.inputs['failoverGroupName'])}`;
    expect(flex.outputs['databaseFailover']).toBe(`${command('sql-standby')} --allow-data-loss`);
    expect(flex.outputs['databaseFailback']).toBe(command('sql'));
    expect(standard.outputs['databaseFailover']).toBe('');
    expect(group?.inputs['readWriteEndpoint']).toEqual({ failoverPolicy: 'Manual' });
    const there = flex.resources.filter(({ inputs }) => inputs['location'] === 'australiasoutheast');
    expect(there.map(({ name }) => name).toSorted()).toEqual(['database-standby', 'sql-standby']);
  });

  it('D1 A4 with Redis all instances count together, and come in by identity', () => {
    const { clientId } = named(flex, 'identity').outputs;
    const [, host] =
      /^rediss:\/\/([^:]+):10000\?authentication=identity&clientId=(.+)$/.exec(
        environmentOf(flex, 'app')['REDIS_URL'] ?? '',
      ) ?? [];
    expect(host).toBe(named(flex, 'redis').outputs['hostName']);
    expect(environmentOf(flex, 'app')['REDIS_URL']).toContain(String(clientId));
    expect(environmentOf(standard, 'app')).not.toHaveProperty('REDIS_URL');
  });

  it('D1 known agents’ addresses are the only ones that reach the share', async () => {
    const resources = await recordProgram({ network: { agentAddresses: ['203.0.113.0/24'] } });
    const files = resources.find(({ name, isCustom }) => isCustom && name === 'files-storage');
    expect(files?.inputs['networkRuleSet']).toMatchObject({
      defaultAction: 'Deny',
      ipRules: [{ iPAddressOrRange: '203.0.113.0/24', action: 'Allow' }],
    });
  });
});

describe('a stack made from another', () => {
  const sourceDatabaseId =
    '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/first/databases/DataSync';

  it('D2 shares no name with the first', async () => {
    const second = await recordStack({}, 'production-2');
    const names = (recording: Recording) =>
      [
        'resourceGroup',
        'functionApp',
        'hostStorageAccount',
        'filesStorageAccount',
        'sqlServer',
        'keyVault',
      ].map((output) => recording.outputs[output]);
    expect(names(second).filter((name) => names(standard).includes(name))).toEqual([]);
    expect(second.resources.map(({ type }) => type).sort()).toEqual(
      standard.resources.map(({ type }) => type).sort(),
    );
  });

  it('D2 has the database of a point in time: restored beside the first, where Azure can, and copied to its own server', async () => {
    const recording = await recordStack(
      {
        restore: {
          database: { from: 'pointInTime', sourceDatabaseId, at: '2026-11-29T10:15:00Z' },
          shares: [
            {
              name: 'archive',
              sourceAccount: 'firstfiles',
              sourceShare: 'archive',
              snapshot: '2026-11-29T03:00:00.0000000Z',
            },
          ],
        },
      },
      'drill',
    );
    const restored = named(recording, 'database-restored');
    expect(restored.inputs).toMatchObject({
      createMode: 'PointInTimeRestore',
      serverName: 'first',
      resourceGroupName: 'rg',
      sourceDatabaseId,
      restorePointInTime: '2026-11-29T10:15:00Z',
    });
    expect(named(recording, 'database').inputs).toMatchObject({
      createMode: 'Copy',
      sourceDatabaseId: restored.id,
    });
    expect(recording.outputs['copyShares']).toEqual([
      `azcopy copy 'https://firstfiles.file.core.windows.net/archive/*?sharesnapshot=2026-11-29T03:00:00.0000000Z' 'https://${String(recording.outputs['filesStorageAccount'])}.file.core.windows.net/archive/' --recursive --preserve-info=true`,
    ]);
  });

  it('D2 has the database of a geo copy, and takes over an account that survived', async () => {
    const recoverableDatabaseId =
      '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/first/recoverableDatabases/DataSync';
    const adoptFilesAccountId =
      '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/survivor';
    const recording = await recordStack(
      { restore: { database: { from: 'geoBackup', recoverableDatabaseId }, adoptFilesAccountId } },
      'rebuild',
    );
    const database = named(recording, 'database');
    expect(database.inputs).toMatchObject({ createMode: 'Recovery', recoverableDatabaseId });
    // Taken out of the configuration later, it must not make Azure replace the database.
    expect(database.ignoreChanges).toEqual(
      expect.arrayContaining(['createMode', 'recoverableDatabaseId', 'sourceDatabaseId']),
    );
    expect(named(recording, 'files-storage').importId).toBe(adoptFilesAccountId);
  });
});
