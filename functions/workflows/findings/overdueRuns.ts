import { ageText, countText } from '../../../shared/domain/age.ts';
import { type Gap, silenceMs, uptimeAgo } from '../../../shared/domain/downtime.ts';
import type { Finding } from '../../alerts/index.ts';
import type { Services } from '../../platform/services.ts';
import { pageOfRun } from './runText.ts';
import { readOverdueRuns } from './store.ts';

/** The dispatch sweeper sends again every minute: what is due for longer is not only a lost message. */
const OVERDUE_MS = 10 * 60_000;
const TOLD_APART = 3;

type OverdueRun = Awaited<ReturnType<typeof readOverdueRuns>>[number];

/**
 * Runs whose pointer stands (SPEC O5): their next slice has been due for ten minutes, and though its message is sent again and
 * again nobody works on it. More than a few of them have one cause, and are one alert.
 */
export async function findOverdueRuns(
  services: Services,
  gaps: readonly Gap[],
): Promise<{ readonly examined: number; readonly findings: Finding[] }> {
  const now = services.now();
  const runs = await readOverdueRuns(services.database.db, uptimeAgo(OVERDUE_MS, now, gaps));
  if (runs.length === 0) return { examined: 0, findings: [] };
  const queue = await queueWords(services);
  const groups = Map.groupBy(runs, (run) => run.organization_id);
  const findings = [...groups].flatMap(([organizationId, group]) =>
    group.length > TOLD_APART
      ? [manyOf(organizationId, group, queue)]
      : group.map((run) => findingOf(services, run, silenceMs(run.next_slice_at ?? now, now, gaps), queue)),
  );
  return { examined: runs.length, findings };
}

async function queueWords({ slices }: Services): Promise<string> {
  try {
    const waiting = await slices.depth();
    return waiting === 0
      ? 'The queue is empty: messages are lost, or were given up on (look at the poison queue).'
      : `${countText(waiting, 'message')} wait in the queue: is the function queue-slices enabled, and a host running?`;
  } catch {
    return 'The queue does not answer: look at the storage account of the host.';
  }
}

function findingOf(services: Services, run: OverdueRun, overdueMs: number, queue: string): Finding {
  return {
    organizationId: run.organization_id,
    fingerprint: `run-overdue:${run.id}`,
    severity: 'critical',
    class: 'operational',
    title: `${run.sync_type} does not go on`,
    detail: `Run ${run.id} has been waiting for its next slice for ${ageText(overdueMs)}, at ${run.pointer ?? 'its start'}; its message was sent again without effect. ${queue} It goes on by itself when the cause is gone; ${pageOfRun(services, run.id)}`,
    runbook: 'workflow-stuck',
    facts: { runId: run.id, overdueMinutes: Math.floor(overdueMs / 60_000) },
  };
}

function manyOf(organizationId: string, runs: readonly OverdueRun[], queue: string): Finding {
  const named = runs.slice(0, TOLD_APART).map(({ id }) => id);
  return {
    organizationId,
    fingerprint: 'runs-overdue',
    severity: 'critical',
    class: 'operational',
    title: `${countText(runs.length, 'run')} do not go on`,
    detail: `${named.join(', ')} and others wait for their next slice though their messages were sent again. ${queue} They go on by themselves when the cause is gone.`,
    runbook: 'workflow-stuck',
    facts: { runs: runs.length },
  };
}
