import type { Db } from '../../platform/database/index.ts';
import { fingerprints } from '../causes.ts';
import { routesOf } from '../routing.ts';
import { readSituation } from '../situation.ts';
import type { WatchedChannel } from './watchState.ts';

/**
 * The channels that a critical alert about the database goes to by the rules of each organization; where these lead
 * nowhere, all that are enabled: an organization that can be told is told.
 */
export async function criticalChannels(db: Db, at: Date): Promise<WatchedChannel[]> {
  const organizations = await db.selectFrom('organizations').select(['id', 'name']).orderBy('id').execute();
  const found = await Promise.all(organizations.map(({ id, name }) => channelsOfOne(db, id, name, at)));
  return found.flat();
}

async function channelsOfOne(
  db: Db,
  organizationId: string,
  organizationName: string,
  at: Date,
): Promise<WatchedChannel[]> {
  const rows = await db
    .selectFrom('notification_channels')
    .select(['id', 'kind', 'name', 'config_json', 'secret_box'])
    .where('organization_id', '=', organizationId)
    .where('enabled', '=', true)
    .orderBy('id')
    .execute();
  if (rows.length === 0) return [];
  const { rules, channels } = await readSituation(db, organizationId, at);
  const routed = routesOf(databaseAlert, rules, channels);
  const routes = routed.length > 0 ? routed : channels.map(({ id }) => ({ channelId: id, recipients: [] }));
  return routes.flatMap(({ channelId, recipients }) => {
    const row = rows.find(({ id }) => id === channelId);
    if (row === undefined) return [];
    const config = row.config_json as Record<string, unknown>;
    const { kind, name, secret_box: secretBox } = row;
    return [
      {
        channelId,
        organizationId,
        organizationName,
        kind,
        name,
        config,
        secretBox,
        recipients: [...recipients],
      },
    ];
  });
}

const databaseAlert = {
  severity: 'critical',
  class: 'operational',
  source: 'database-watch',
  fingerprint: fingerprints.database,
  runnerId: null,
  groupId: null,
} as const;
