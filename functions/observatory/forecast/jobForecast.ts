import type { ResponseOf } from '../../../shared/contract/endpoint.ts';
import type * as contract from '../../../shared/contract/operations.ts';
import { expectedUntilPurge } from '../../../shared/domain/purgeCurve.ts';
import { forecastPurge } from '../../../shared/domain/purgeForecast.ts';
import { recoveryPoints } from '../../../shared/domain/recoveryPoints.ts';
import { heartbeatHistory } from '../../logs/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { perServices } from '../../platform/perServices.ts';
import { readPeaks, sourceFactsOf } from '../../platform/production/index.ts';
import type { Services } from '../../platform/services.ts';
import type { ShareSnapshot } from '../../platform/storage/shares.ts';
import type { JobRow } from '../store/jobs.ts';
import { readArchivedSince, readJobRow } from '../store/jobForecast.ts';
import { forecastViewOf } from './forecastView.ts';

type JobForecastView = ResponseOf<typeof contract.jobForecast>;

const HISTORY_MS = 48 * 3_600_000;
const MAX_POINTS = 600;
/** Azure copies to the second region within this, as a rule. */
const REGION_LAG_MS = 15 * 60_000;

/** When a job's instrument deletes something unarchived, with its picture and what would be lost now. Throws `not-found`. */
export async function readJobForecast(
  services: Services,
  organizationId: string,
  ids: { readonly runnerId: string; readonly jobId: string },
): Promise<JobForecastView> {
  const { db } = services.database;
  const now = services.now();
  const row = await readJobRow(db, { organizationId, ...ids });
  if (row === undefined)
    throw new Problem('not-found', `There is no job ${ids.jobId} of runner ${ids.runnerId}.`);
  const peaks = await readPeaks(db, now, { organizationId, runnerId: ids.runnerId });
  const source = sourceFactsOf(row, peaks.get(row.id));
  const forecast = forecastPurge(source, now);
  const expected = expectedUntilPurge(source, forecast, now);
  return {
    now: now.toISOString(),
    forecast: forecastViewOf(forecast),
    sourceCap: row.source_cap,
    history: await historyOf(services, ids, now),
    expected: expected.map(({ at, ...counts }) => ({ at: at.toISOString(), ...counts })),
    recoveryPoints: recoveryPoints({ ...source, ...(await copiesOf(services, row, now)) }, now),
  };
}

/** The picture does without its past when the storage of heartbeats is away. */
async function historyOf(
  services: Services,
  ids: { readonly runnerId: string; readonly jobId: string },
  now: Date,
): Promise<JobForecastView['history']> {
  try {
    const from = new Date(now.getTime() - HISTORY_MS);
    const points = await heartbeatHistory(services, { ...ids, from, to: now, maxPoints: MAX_POINTS });
    return points.map(({ at, sourceCount, backlogCount }) => ({
      at: at.toISOString(),
      sourceCount,
      backlogCount,
    }));
  } catch (error) {
    services.log.warn('heartbeat history cannot be read', { ...ids, error });
    return [];
  }
}

async function copiesOf(services: Services, row: JobRow, now: Date) {
  const { db } = services.database;
  const snapshots = await knownSnapshots(services)(now);
  const snapshotAt = snapshots?.findLast(({ shareName }) => shareName === row.share_name)?.takenAt ?? null;
  const archived = await readArchivedSince(db, row.id, {
    snapshotAt,
    lateSince: new Date(now.getTime() - REGION_LAG_MS),
  });
  return {
    ...archived,
    snapshotAt,
    snapshotsKnown: snapshots !== undefined,
    redundancy: services.settings.FILES_REDUNDANCY,
  };
}

const KEEP_MS = 60_000;

/** Asked of the storage account once a minute at most, however many pages are open; undefined when it does not answer. */
const knownSnapshots = perServices((services: Services) => {
  let kept: { readonly atMs: number; readonly snapshots: Promise<ShareSnapshot[] | undefined> } | undefined;
  return (now: Date): Promise<ShareSnapshot[] | undefined> => {
    if (kept === undefined || now.getTime() - kept.atMs >= KEEP_MS) {
      const snapshots = services.shares.listSnapshots().catch((error: unknown) => {
        services.log.warn('snapshots cannot be listed', { error });
        return undefined;
      });
      kept = { atMs: now.getTime(), snapshots };
    }
    return kept.snapshots;
  };
});
