import * as sql from '@pulumi/azure-native/sql/index.js';
import * as pulumi from '@pulumi/pulumi';
import { sqlTiers } from '../configuration/sqlTiers.ts';
import type { Place } from '../place.ts';
import { boundsOf } from './addressRanges.ts';
import type { Network } from './network.ts';

const DATABASE_NAME = 'DataSync';
const GIB = 1024 ** 3;

/** Azure SQL: Entra is the only way in, there is no password. Protected: no change of this program deletes or replaces it. */
export class Database extends pulumi.ComponentResource {
  readonly server: sql.Server;
  readonly database: sql.Database;
  readonly host: pulumi.Output<string>;

  constructor(place: Place, network: Network) {
    super('datasync:sql:Database', 'database');
    const { configuration, names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    this.server = sqlServer(place, { name: 'sql', serverName: names.sqlServer, location, parent: this });
    allowCallers(place, { name: 'sql', server: this.server, network, parent: this });
    this.database = new sql.Database(
      'database',
      {
        databaseName: DATABASE_NAME,
        serverName: this.server.name,
        resourceGroupName,
        location,
        tags,
        sku: { name: configuration.sql.sku, tier: sqlTiers[configuration.sql.sku].tier },
        maxSizeBytes: configuration.sql.maxSizeGb * GIB,
        // Paths are compared by the hash of their folded text; everything else as it is written.
        collation: 'SQL_Latin1_General_CP1_CI_AS',
        requestedBackupStorageRedundancy: configuration.sql.backupRedundancy,
      },
      { ...parent, protect: true },
    );
    new sql.BackupShortTermRetentionPolicy(
      'point-in-time',
      {
        policyName: 'default',
        databaseName: this.database.name,
        serverName: this.server.name,
        resourceGroupName,
        retentionDays: configuration.sql.pointInTimeDays,
      },
      parent,
    );
    this.host = this.server.fullyQualifiedDomainName;
    this.registerOutputs({});
  }
}

/** A server that knows Entra only. */
export function sqlServer(
  place: Place,
  part: {
    readonly name: string;
    readonly serverName: string;
    readonly location: string;
    readonly parent: pulumi.Resource;
  },
): sql.Server {
  const { configuration, resourceGroupName, tags, tenantId } = place;
  const { administrator } = configuration.sql;
  return new sql.Server(
    part.name,
    {
      serverName: part.serverName,
      resourceGroupName,
      location: part.location,
      tags,
      version: '12.0',
      minimalTlsVersion: '1.2',
      publicNetworkAccess: configuration.network.private ? 'Disabled' : 'Enabled',
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        login: administrator.name,
        sid: administrator.objectId,
        principalType: administrator.type,
        tenantId,
      },
    },
    { parent: part.parent, protect: true },
  );
}

/** The app by its subnet, people and pipelines by their addresses; nobody else, not even other customers of Azure. */
export function allowCallers(
  { configuration, resourceGroupName }: Place,
  part: {
    readonly name: string;
    readonly server: sql.Server;
    readonly network: Network;
    readonly parent: pulumi.Resource;
  },
): void {
  if (configuration.network.private) return;
  const { parent } = part;
  const serverName = part.server.name;
  new sql.VirtualNetworkRule(
    `${part.name}-from-app`,
    {
      virtualNetworkRuleName: 'app',
      serverName,
      resourceGroupName,
      virtualNetworkSubnetId: part.network.appSubnetId,
    },
    { parent },
  );
  for (const address of configuration.network.operatorAddresses) {
    const { first, last } = boundsOf(address);
    new sql.FirewallRule(
      `${part.name}-from-${first}-${last}`,
      {
        firewallRuleName: `operators-${first}-${last}`,
        serverName,
        resourceGroupName,
        startIpAddress: first,
        endIpAddress: last,
      },
      { parent },
    );
  }
}
