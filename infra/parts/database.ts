import * as sql from '@pulumi/azure-native/sql/index.js';
import * as pulumi from '@pulumi/pulumi';
import { sqlTiers } from '../configuration/sqlTiers.ts';
import type { Place } from '../place.ts';
import { originOf } from './databaseOrigin.ts';
import type { Network } from './network.ts';
import { allowCallers, sqlServer } from './sqlServer.ts';

const DATABASE_NAME = 'DataSync';
const GIB = 1024 ** 3;

/** Azure SQL: Entra is the only way in, there is no password. Protected: no change of this program deletes or replaces it. */
export class Database extends pulumi.ComponentResource {
  readonly server: sql.Server;
  readonly database: sql.Database;
  /** In another region, behind the same name. */
  readonly standby: { readonly server: sql.Server; readonly database: sql.Database } | undefined;
  /** Where the app connects to. */
  readonly host: pulumi.Output<string>;

  constructor(place: Place, network: Network) {
    super('datasync:sql:Database', 'database');
    const { configuration, names, resourceGroupName, location } = place;
    this.server = sqlServer(place, { name: 'sql', serverName: names.sqlServer, location, parent: this });
    allowCallers(place, { name: 'sql', server: this.server, network, parent: this });
    const origin = originOf(place, this);
    this.database = new sql.Database(
      'database',
      { ...common(place, this.server), location, ...origin },
      // Where it came from counts once: Azure would have to make it anew for another origin.
      {
        parent: this,
        protect: true,
        ignoreChanges: ['createMode', 'sourceDatabaseId', 'recoverableDatabaseId'],
      },
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
      { parent: this },
    );
    this.standby =
      configuration.secondRegion === undefined ? undefined : this.#standBy(place, configuration.secondRegion);
    this.host =
      this.standby === undefined
        ? this.server.fullyQualifiedDomainName
        : pulumi.output(`${names.failoverGroup}.database.windows.net`);
    this.registerOutputs({});
  }

  /**
   * A replica, and one name that leads to whichever of the two is the primary. A person decides on a failover, by the output
   * `databaseFailover`: it may lose seconds. Nothing but the database has anything in that region.
   */
  #standBy(place: Place, region: string): { readonly server: sql.Server; readonly database: sql.Database } {
    const { names, resourceGroupName, tags } = place;
    const server = sqlServer(place, {
      name: 'sql-standby',
      serverName: names.secondSqlServer,
      location: region,
      parent: this,
    });
    const database = new sql.Database(
      'database-standby',
      {
        ...common(place, server),
        location: region,
        createMode: 'Secondary',
        sourceDatabaseId: this.database.id,
      },
      { parent: this, protect: true },
    );
    new sql.FailoverGroup(
      'failover',
      {
        failoverGroupName: names.failoverGroup,
        serverName: this.server.name,
        resourceGroupName,
        tags,
        databases: [this.database.id],
        partnerServers: [{ id: server.id }],
        readWriteEndpoint: { failoverPolicy: 'Manual' },
      },
      { parent: this, dependsOn: [database] },
    );
    return { server, database };
  }
}

function common({ configuration, resourceGroupName, tags }: Place, server: sql.Server) {
  return {
    databaseName: DATABASE_NAME,
    serverName: server.name,
    resourceGroupName,
    tags,
    sku: { name: configuration.sql.sku, tier: sqlTiers[configuration.sql.sku].tier },
    maxSizeBytes: configuration.sql.maxSizeGb * GIB,
    requestedBackupStorageRedundancy: configuration.sql.backupRedundancy,
  };
}

/** As docs/database.md says it: by the identity of that client id, without a password. */
export function databaseUrl(
  host: pulumi.Input<string>,
  clientId: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.interpolate`mssql://${host}:1433/${DATABASE_NAME}?encrypt=true&authentication=azure-active-directory-msi-app-service&clientId=${clientId}`;
}
