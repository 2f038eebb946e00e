import { tellEvent } from '../telemetry/customEvents.ts';
import type { RunRow } from './lockedRun.ts';

/** Tells monitoring that a run has ended, whatever ended it. */
export function tellRunEnd(run: RunRow, at: Date): void {
  tellEvent('workflow_executed', {
    workflowName: run.sync_type,
    workflowId: run.id,
    organizationId: run.organization_id,
    runnerId: run.runner_id,
    correlationId: run.correlation_id,
    status: run.status,
    trigger: run.trigger_kind,
    errorTag: run.error_tag,
    durationMs: at.getTime() - run.started_at.getTime(),
    recordsIn: run.records_in,
    recordsOut: run.records_out,
    filesArchived: run.files_archived,
    filesFailed: run.files_failed,
  });
}
