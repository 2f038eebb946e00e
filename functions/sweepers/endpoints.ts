import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import * as contract from '../../shared/contract/operations.ts';
import { fullAt } from '../../shared/domain/quotaForecast.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import type { Services } from '../platform/services.ts';
import { nextDueAt } from '../platform/timers/health.ts';
import { DATABASE_TARGET, readReadings, sharesInUse, shareTarget } from './stores/quotas.ts';
import { type AllTimers, type WatchedTimer, watchTimers } from './timerWatch.ts';

const LOOK_BACK_MS = 14 * 24 * 3_600_000;

export function sweeperHandlers(timers: AllTimers): readonly EndpointHandler[] {
  return [
    handle(contract.timers, async (_, services) => {
      const now = services.now();
      const watched = await watchTimers(services, timers);
      return { body: { now: now.toISOString(), timers: watched.map((one) => viewOf(one, now)) } };
    }),
    handle(contract.quotas, async ({ caller }, services) => ({
      body: await readQuotas(services, caller.kind === 'person' ? caller.organizationId : null),
    })),
  ];
}

function viewOf({ timer, state, record }: WatchedTimer, now: Date) {
  return {
    name: timer.name,
    schedule: timer.schedule,
    state,
    lastDueAt: record.lastDueAt?.toISOString() ?? null,
    lastStartedAt: record.lastStartedAt?.toISOString() ?? null,
    lastFinishedAt: record.lastFinishedAt?.toISOString() ?? null,
    examined: record.examined,
    changed: record.changed,
    error: record.lastError,
    nextDueAt: (nextDueAt(timer.schedule, now) ?? now).toISOString(),
    ticks: record.ticks,
    failed: record.failed,
  };
}

/** A person sees the database and the shares of their organization; null: every share. */
async function readQuotas(
  services: Services,
  organizationId: string | null,
): Promise<ResponseOf<typeof contract.quotas>> {
  const now = services.now();
  const shares = await sharesInUse(services.database.db, organizationId);
  const seen = new Set([DATABASE_TARGET, ...shares.map(({ shareName }) => shareTarget(shareName))]);
  const readings = await readReadings(services.database.db, new Date(now.getTime() - LOOK_BACK_MS));
  const quotas = [...readings].flatMap(([target, ofTarget]) => {
    const last = ofTarget.at(-1);
    if (last === undefined || !seen.has(target)) return [];
    return [
      {
        target,
        usedBytes: last.usedBytes,
        quotaBytes: last.quotaBytes,
        fullAt: fullAt(ofTarget)?.toISOString() ?? null,
        measuredAt: last.at.toISOString(),
      },
    ];
  });
  return { now: now.toISOString(), quotas };
}
