import type { BodyOf, ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { bulkRetry } from '../../../shared/contract/workflows.ts';
import { isPermanentTag } from '../../../shared/domain/errorTags.ts';
import { classifyDatabaseError, type Db, json } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { runSummaryOf, writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import type { Workflows } from '../registry.ts';
import { manualRunId } from '../runId.ts';
import { leadToFirstSlice, storeNewRun } from '../startRun.ts';
import { type BulkRetryPayload, BULK_RETRY_SYNC_TYPE } from './payload.ts';
import { countFailed, selectFailed, type Selection } from './selection.ts';

/** As many are shown before anything is done. */
const SHOWN = 100;

export interface BulkRetryRequest {
  readonly organizationId: string;
  readonly by: string;
  readonly correlationId: string;
  /** Part of the transaction that begins it. */
  readonly alongside: (tx: Db, runId: string) => Promise<void>;
}

/** Says what a bulk retry would touch and, unless that is all that is wanted, begins it as a run of its own. Throws `already-running`. */
export async function startBulkRetry(
  services: Services,
  workflows: Workflows,
  body: BodyOf<typeof bulkRetry>,
  request: BulkRetryRequest,
): Promise<ResponseOf<typeof bulkRetry>> {
  if (isPermanentTag(body.tag)) return { count: 0, runs: [], refusal: refusalOf(body.tag), runId: null };
  const selection: Selection = {
    organizationId: request.organizationId,
    tag: body.tag,
    names: workflows.map(({ name }) => name).filter((name) => body.name === undefined || name === body.name),
    failedBy: services.now(),
  };
  const { db } = services.database;
  const count = await countFailed(db, selection);
  const runs = (await selectFailed(db, selection).limit(SHOWN).execute()).map(runSummaryOf);
  const runId = body.preview || count === 0 ? null : await begin(services, body, selection, request);
  return { count, runs, refusal: null, runId };
}

function refusalOf(tag: string): string {
  return `${tag} is permanent: the same request would be refused again. Mend the cause, then retry the runs one by one.`;
}

async function begin(
  services: Services,
  { tag, perMinute }: BodyOf<typeof bulkRetry>,
  { organizationId, names, failedBy }: Selection,
  { by, correlationId, alongside }: BulkRetryRequest,
): Promise<string> {
  const context = writeContext(services);
  const runId = manualRunId(BULK_RETRY_SYNC_TYPE, context.at, context.newId());
  const payload: BulkRetryPayload = { tag, names, failedBy: failedBy.toISOString(), perMinute, by };
  const run = {
    id: runId,
    organization_id: organizationId,
    sync_type: BULK_RETRY_SYNC_TYPE,
    correlation_id: correlationId,
    live_key: `bulk-retry:${organizationId}`,
    trigger_kind: 'manual',
    triggered_by: by,
    payload_json: json(payload),
  } as const;
  try {
    await storeNewRun(services, run, alongside, context);
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem('already-running', 'A bulk retry goes on; wait for it to end, or terminate it.', {
      cause,
    });
  }
  await leadToFirstSlice(services, run);
  return runId;
}
