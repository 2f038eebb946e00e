import { poolOf } from './pool.ts';
import type { StackConfiguration } from './schema.ts';

export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The least that the functions work with: one connection for a transaction, one for what looks on. */
const LEAST_POOL = 2;

/** What no single value shows: choices that contradict each other. */
export function crossFaults(configuration: StackConfiguration): readonly Fault[] {
  return [...poolFaults(configuration), ...networkFaults(configuration), ...regionFaults(configuration)];
}

function poolFaults(configuration: StackConfiguration): readonly Fault[] {
  const { processes, workers, pool } = poolOf(configuration);
  if (pool >= LEAST_POOL) return [];
  const message = `${processes} processes of the app share the ${workers} workers of ${configuration.sql.sku}, which leaves each fewer than ${LEAST_POOL} connections; wanted: a higher tier, or fewer instances`;
  return [{ path: ['sql', 'sku'], message }];
}

function networkFaults({ network }: StackConfiguration): readonly Fault[] {
  const [, prefix = '32'] = network.addressSpace.split('/');
  if (Number(prefix) <= 25) return [];
  const message = `${network.addressSpace} has no room for two subnets of 64 addresses; wanted: /25 or larger`;
  return [{ path: ['network', 'addressSpace'], message }];
}

function regionFaults({ secondRegion, location, files, sql, network }: StackConfiguration): readonly Fault[] {
  if (secondRegion === undefined) return [];
  const faults: Fault[] = [];
  if (secondRegion === location)
    faults.push({ path: ['secondRegion'], message: `${location} is the first region; wanted: another one` });
  if (!network.private)
    faults.push({
      path: ['network', 'private'],
      message:
        'the rule that lets the app’s subnet in holds for servers of its own region alone, and the standby is in another; wanted: network.private true',
    });
  if (!files.redundancy.startsWith('G'))
    faults.push({
      path: ['files', 'redundancy'],
      message: `a second region is of no use to a share that is kept in one (${files.redundancy}); wanted: GRS or GZRS`,
    });
  if (!sql.backupRedundancy.startsWith('Geo'))
    faults.push({
      path: ['sql', 'backupRedundancy'],
      message: `a second region needs backups that outlive the first, and ${sql.backupRedundancy} ones do not; wanted: Geo or GeoZone`,
    });
  return faults;
}
