import type { Selectable, Updateable } from 'kysely';
import { json, type Schema } from '../../functions/platform/database/index.ts';
import { DISPATCH_TIMER } from '../../functions/sweepers/dispatch.ts';
import { pathKey } from '../../shared/domain/paths.ts';
import type { TestArchive } from './archiveServices.ts';

const MINUTE = 60_000;
/** Of ticks in one statement. */
const BATCH = 200;

/** Makes runners and jobs as rows, and lets time pass for them and for the platform. */
export interface FleetMaker {
  clear(): Promise<void>;
  /** `runner-1` …, each with a job `job-runner-1` …, heard of now. */
  runners(count: number, options?: { readonly group?: readonly string[] }): Promise<string[]>;
  setRunner(id: string, set: Updateable<Schema['runners']>): Promise<void>;
  setJob(id: string, set: Updateable<Schema['jobs']>): Promise<void>;
  /** The platform ticks for so many minutes, by its dispatch timer if none is named; these runners heartbeat to the end, and their jobs measure their source. */
  live(
    minutes: number,
    heard: readonly string[],
    options?: { readonly ticks?: boolean; readonly timer?: string },
  ): Promise<void>;
  /** Nothing runs, and nobody can be heard. */
  down(minutes: number): void;
  endedRun(runnerId: string, status: 'complete' | 'partial' | 'failed'): Promise<string>;
  liveRun(runnerId: string, options: { readonly archivedMinutesAgo: number }): Promise<void>;
  /** A maintenance window of a runner or a group, from now for so many minutes. */
  window(of: { readonly runner_id?: string; readonly group_id?: string }, minutes: number): Promise<void>;
  /** Unresolved alerts by fingerprint. */
  open(): Promise<Selectable<Schema['alerts']>[]>;
  everOpened(): Promise<number>;
}

export function fleetMaker({ database, services, organizationId }: TestArchive): FleetMaker {
  const { db } = database;
  const setRunner: FleetMaker['setRunner'] = async (id, set) => {
    await db.updateTable('runners').set(set).where('id', '=', id).execute();
  };
  const setJob: FleetMaker['setJob'] = async (id, set) => {
    await db.updateTable('jobs').set(set).where('id', '=', id).execute();
  };
  const addRun = async (runnerId: string, status: 'running' | 'complete' | 'partial' | 'failed') => {
    const at = services.now();
    const id = services.newId();
    const zeroes = {
      files_examined: 0,
      files_needed: 0,
      files_archived: 0,
      files_skipped: 0,
      files_failed: 0,
    };
    await db
      .insertInto('sync_runs')
      .values({
        ...zeroes,
        id,
        organization_id: organizationId,
        sync_type: 'file_sync',
        job_id: `job-${runnerId}`,
        runner_id: runnerId,
        correlation_id: id,
        live_key: id,
        status,
        trigger_kind: 'agent',
        payload_json: json({}),
        bytes_archived: 0,
        slice: 0,
        slice_attempts: 0,
        started_at: at,
        ended_at: status === 'running' ? null : at,
        last_activity_at: at,
        version: 1,
        created_at: at,
        updated_at: at,
      })
      .execute();
    return id;
  };
  return {
    setRunner,
    setJob,
    endedRun: addRun,
    clear: async () => {
      for (const table of [
        'notifications',
        'alerts',
        'state_changes',
        'timer_ticks',
        'maintenance_windows',
        'production_peaks',
        'sync_run_files',
        'sync_steps',
        'sync_runs',
        'jobs',
        'runners',
        'runner_groups',
      ] as const)
        await db.deleteFrom(table).execute();
    },
    runners: async (count, options = {}) => {
      const at = services.now();
      const owned = { organization_id: organizationId, created_at: at };
      await db
        .insertInto('runner_groups')
        .values({ id: 'site', name: 'Site', ...owned })
        .execute();
      const ids = Array.from({ length: count }, (_, index) => `runner-${String(index + 1)}`);
      for (const id of ids) {
        await db
          .insertInto('runners')
          .values(runnerRow(id, options.group?.includes(id) ?? false))
          .execute();
        await db.insertInto('jobs').values(jobRow(id)).execute();
      }
      return ids;

      function runnerRow(id: string, isOfSite: boolean) {
        return {
          ...owned,
          id,
          group_id: isOfSite ? 'site' : null,
          name: id,
          host_name: id,
          platform: 'linux x64',
          time_zone: 'UTC',
          status: 'active' as const,
          generation: 1,
          key_slot: id,
          share_name: `share-${id}`,
          last_heartbeat: at,
          azure_files_status: 'ok',
          clock_offset_ms: 0,
          version: 1,
          updated_at: at,
        };
      }
      function jobRow(runnerId: string) {
        return {
          ...owned,
          id: `job-${runnerId}`,
          runner_id: runnerId,
          name: 'geometry',
          kind: 'geometry' as const,
          source_path: '/source',
          share_name: `share-${runnerId}`,
          share_path: '',
          schedule_seconds: 300,
          include_json: json([]),
          exclude_json: json([]),
          enabled: true,
          config_version: 1,
          source_reported_at: at,
          version: 1,
          updated_at: at,
        };
      }
    },
    live: async (minutes, heard, { ticks = true, timer = DISPATCH_TIMER } = {}) => {
      const rows = Array.from({ length: minutes }, () => {
        services.advance(MINUTE);
        const at = services.now();
        return { timer_name: timer, due_at: at, instance_id: 'one', started_at: at };
      });
      for (let start = 0; ticks && start < rows.length; start += BATCH)
        await db
          .insertInto('timer_ticks')
          .values(rows.slice(start, start + BATCH))
          .execute();
      for (const id of heard) {
        await setRunner(id, { last_heartbeat: services.now() });
        await setJob(`job-${id}`, { source_reported_at: services.now() });
      }
    },
    window: async (of, minutes) => {
      const at = services.now();
      await db
        .insertInto('maintenance_windows')
        .values({
          ...of,
          id: services.newId(),
          organization_id: organizationId,
          reason: 'power',
          starts_at: at,
          ends_at: new Date(at.getTime() + minutes * MINUTE),
          created_by: 'olga',
          created_at: at,
        })
        .execute();
    },
    down: (minutes) => services.advance(minutes * MINUTE),
    liveRun: async (runnerId, { archivedMinutesAgo }) => {
      const runId = await addRun(runnerId, 'running');
      const at = new Date(services.now().getTime() - archivedMinutesAgo * MINUTE);
      const file = { path_key: pathKey('a'), path: 'a', outcome: 'archived', state: 'archived' as const };
      await db
        .insertInto('sync_run_files')
        .values({ ...file, run_id: runId, bytes_sent: 1, attempts: 1, updated_at: at })
        .execute();
    },
    open: () =>
      db.selectFrom('alerts').selectAll().where('status', '<>', 'resolved').orderBy('fingerprint').execute(),
    everOpened: async () => (await db.selectFrom('alerts').select('id').execute()).length,
  };
}
