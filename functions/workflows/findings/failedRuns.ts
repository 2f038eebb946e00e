import { countText } from '../../../shared/domain/age.ts';
import { ERROR_TAGS, isPermanentTag } from '../../../shared/domain/errorTags.ts';
import { latestStep } from '../../../shared/domain/runStatus.ts';
import type { Finding } from '../../alerts/index.ts';
import { type RunRow, stepsOf } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { failureOf } from '../runFailure.ts';
import { isNotStarted } from '../schedule/notStarted.ts';
import { boundedJson, pageOfRun, payloadKey } from './runText.ts';
import { type OpenRun, readOpenRuns, readTimedOutSteps, readWholeRuns } from './store.ts';

const LOOK_BACK_MS = 90 * 24 * 3_600_000;
/** Of one workflow with one tag: more are one alert, whose remedy is a bulk retry. */
const TOLD_APART = 5;

/**
 * Runs that failed or fell silent, until somebody retries them to success, ends them, or a later run with the same payload
 * succeeds (SPEC W12). The newest of those with the same payload stands for all of them; many at once are one alert.
 */
export async function findFailedRuns(
  services: Services,
): Promise<{ readonly examined: number; readonly findings: Finding[] }> {
  const { db } = services.database;
  const since = new Date(services.now().getTime() - LOOK_BACK_MS);
  const open = (await readOpenRuns(db, 'failed', since)).filter((run) => !isNotStarted(run));
  const findings: Finding[] = [];
  for (const runs of byTag(open).values()) {
    const newest = newestPerPayload(runs);
    if (newest.length > TOLD_APART) findings.push(manyOf(services, newest));
    else findings.push(...(await eachOf(services, newest)));
  }
  const timedOut = await readTimedOutSteps(db);
  findings.push(...timedOut.map((step) => timedOutFinding(services, step)));
  return { examined: open.length + timedOut.length, findings };
}

function byTag(runs: readonly OpenRun[]): Map<string, OpenRun[]> {
  return Map.groupBy(runs, (run) => [run.organization_id, run.sync_type, wordOf(run)].join('\n'));
}

/** What went wrong, in a word. */
function wordOf({ status, error_tag: tag }: Pick<OpenRun, 'status' | 'error_tag'>): string {
  return status === 'stale' ? 'no sign of life' : (tag ?? 'stopped');
}

interface Counted {
  readonly run: OpenRun;
  readonly key: string;
  readonly count: number;
}

/** The runs come newest first. */
function newestPerPayload(runs: readonly OpenRun[]): Counted[] {
  const groups = Map.groupBy(runs, (run) => payloadKey(run.payload_json));
  return [...groups].flatMap(([key, [run, ...older]]) =>
    run === undefined ? [] : [{ run, key, count: older.length + 1 }],
  );
}

/** One bad row never stops the loop. */
async function eachOf(services: Services, counted: readonly Counted[]): Promise<Finding[]> {
  const rows = await readWholeRuns(
    services.database.db,
    counted.map(({ run }) => run.id),
  );
  const findings: Finding[] = [];
  for (const { run, key, count } of counted) {
    const row = rows.find(({ id }) => id === run.id);
    try {
      if (row !== undefined) findings.push(await findingOf(services, row, key, count));
    } catch (error) {
      services.log.error('a failed run could not be told of', { workflowId: run.id, error });
    }
  }
  return findings;
}

async function findingOf(services: Services, row: RunRow, key: string, count: number): Promise<Finding> {
  const last = latestStep((await stepsOf(services.database.db, row)).filter(({ kind }) => kind === 'work'));
  const word = wordOf(row);
  const said = row.status_reason ?? '';
  const often = count > 1 ? ` ${countText(count, 'run')} with this payload stand so.` : '';
  return {
    organizationId: row.organization_id,
    fingerprint: `run-failed:${row.sync_type}:${key}`,
    severity: 'warning',
    class: 'operational',
    title: `${row.sync_type} failed: ${word}`,
    detail: `Run ${row.id}, last step ${last?.step ?? 'none'}: ${said.slice(0, 600)}.${often} ${remedyOf(services, row)}`,
    runbook: 'workflow-failed',
    facts: { runId: row.id, errorTag: row.error_tag, status: row.status },
  };
}

function remedyOf(services: Services, row: RunRow): string {
  const page = pageOfRun(services, row.id);
  const retry = `Retry (from the last good activity), terminate: ${page} — or sync-tool workflow retry ${row.id}.`;
  const failure = failureOf(row);
  if (row.status === 'stale')
    return `Nothing was heard of it any more: its host ended, or was never asked again. ${retry}`;
  if (failure === null)
    return `Its next message could not be sent (chain_failed). It goes on by itself when the queue answers; look at the queue if it does not. ${page}`;
  if (!failure.isPermanent) return `${failure.advice} ${retry}`;
  return `${failure.advice} ${retry}\n\n${bugReport(row, failure)}`;
}

/** Ready to copy into a mail to the vendor; the other side's words are bounded, secrets are out. */
function bugReport(row: RunRow, failure: NonNullable<ReturnType<typeof failureOf>>): string {
  return [
    'Bug report:',
    `- workflow: ${row.sync_type}, execution id ${row.id}, at ${(row.ended_at ?? row.updated_at).toISOString()}`,
    `- activity: ${failure.activity ?? 'none'}`,
    `- error: ${failure.tag ?? 'workflow'}: ${failure.message.slice(0, 500)}`,
    `- payload: ${boundedJson(row.payload_json, 800)}`,
    `- answer: ${boundedJson(failure.cause, 1200)}`,
  ].join('\n');
}

function manyOf(services: Services, counted: readonly Counted[]): Finding {
  const [{ run }] = counted as [Counted];
  const word = wordOf(run);
  const tag = ERROR_TAGS.find((known) => known === run.error_tag);
  const named = counted.slice(0, TOLD_APART).map(({ run: each }) => each.id);
  const remedy =
    tag === undefined || isPermanentTag(tag)
      ? `Mend the cause, then retry them one by one, beginning with ${pageOfRun(services, run.id)}.`
      : `When the cause is gone, retry them together: sync-tool workflow retry --tag ${tag}, or on the page of workflows.`;
  return {
    organizationId: run.organization_id,
    fingerprint: `runs-failed:${run.sync_type}:${word}`,
    severity: 'warning',
    class: 'operational',
    title: `${countText(counted.length, 'run')} of ${run.sync_type} failed: ${word}`,
    detail: `${named.join(', ')} and others. The newest says: ${(run.status_reason ?? '').slice(0, 600)}. ${remedy}`,
    runbook: 'workflow-failed',
    facts: { runs: counted.length, errorTag: run.error_tag, newestRunId: run.id },
  };
}

function timedOutFinding(
  services: Services,
  step: Awaited<ReturnType<typeof readTimedOutSteps>>[number],
): Finding {
  return {
    organizationId: step.organization_id,
    fingerprint: `step-timed-out:${step.id}:${step.step}`,
    severity: 'warning',
    class: 'operational',
    title: `${step.sync_type}: step ${step.step} timed out`,
    detail: `Run ${step.id}: ${step.error ?? 'no sign of life'}. Its slice is sent again by itself; if that does not help, terminate or retry it: ${pageOfRun(services, step.id)}`,
    runbook: 'workflow-failed',
    facts: { runId: step.id },
  };
}
