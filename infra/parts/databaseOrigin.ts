import * as sql from '@pulumi/azure-native/sql/index.js';
import type * as pulumi from '@pulumi/pulumi';
import { sqlTiers } from '../configuration/sqlTiers.ts';
import type { Place } from '../place.ts';

/** What a database is made from; empty: it is made new. */
type Origin = Pick<
  sql.DatabaseArgs,
  'createMode' | 'sourceDatabaseId' | 'recoverableDatabaseId' | 'collation'
>;

/** Paths are compared by the hash of their folded text; everything else as it is written. */
const fresh: Origin = { collation: 'SQL_Latin1_General_CP1_CI_AS' };

export function originOf(place: Place, parent: pulumi.Resource): Origin {
  const from = place.configuration.restore?.database;
  switch (from?.from) {
    case undefined:
      return fresh;
    case 'geoBackup':
      return { createMode: 'Recovery', recoverableDatabaseId: from.recoverableDatabaseId };
    case 'copy':
      return { createMode: 'Copy', sourceDatabaseId: from.sourceDatabaseId };
    case 'pointInTime':
      return { createMode: 'Copy', sourceDatabaseId: restoredBeside(place, from, parent).id };
  }
}

/**
 * Azure restores a point in time on the server that the database is on, and nowhere else: there it is made beside its source, under
 * this stack's name, and copied from there to this stack's own server. It may be deleted once the copy stands.
 */
function restoredBeside(
  { configuration, names, location, tags }: Place,
  from: {
    readonly sourceDatabaseId: string;
    readonly sourceRegion?: string | undefined;
    readonly at: string;
  },
  parent: pulumi.Resource,
): sql.Database {
  const { sourceDatabaseId, at } = from;
  const [, resourceGroupName = '', serverName = ''] =
    /\/resourceGroups\/([^/]+)\/.*\/servers\/([^/]+)\//i.exec(sourceDatabaseId) ?? [];
  return new sql.Database(
    'database-restored',
    {
      databaseName: names.named('restored'),
      resourceGroupName,
      serverName,
      // A database is where its server is.
      location: from.sourceRegion ?? location,
      tags,
      createMode: 'PointInTimeRestore',
      sourceDatabaseId,
      restorePointInTime: at,
      sku: { name: configuration.sql.sku, tier: sqlTiers[configuration.sql.sku].tier },
      maxSizeBytes: configuration.sql.maxSizeGb * 1024 ** 3,
    },
    { parent },
  );
}
