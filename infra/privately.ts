import { PrivateEndpoints, type Reached, zones } from './parts/privateEndpoints.ts';
import type { Parts } from './program.ts';

/** Endpoints in the network for all but the archive's account, which agents reach from their own networks. */
export function makePrivate({ place, network, hostStorage, database, vault, redis }: Parts): void {
  const host = (['blob', 'queue', 'table'] as const).map((part) => ({
    name: `host-${part}`,
    id: hostStorage.account.id,
    part,
    zone: zones[part],
  }));
  const reached: Reached[] = [
    ...host,
    { name: 'sql', id: database.server.id, part: 'sqlServer', zone: zones.sql },
    { name: 'vault', id: vault.vault.id, part: 'vault', zone: zones.vault },
  ];
  if (database.standby !== undefined)
    reached.push({ name: 'sql-standby', id: database.standby.server.id, part: 'sqlServer', zone: zones.sql });
  if (redis !== undefined)
    reached.push({ name: 'redis', id: redis.cluster.id, part: 'redisEnterprise', zone: zones.redis });
  new PrivateEndpoints(place, network, reached);
}
