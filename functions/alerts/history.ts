import { type Db, insertIfAbsent } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import { tellEvent } from '../platform/telemetry/customEvents.ts';
import type { AlertRow } from './alertRow.ts';

/** A state change of an alert, as its page shows it. */
export interface AlertChange {
  readonly alert: Pick<AlertRow, 'id' | 'severity' | 'class' | 'source' | 'title'>;
  /** Null: it is new. */
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
}

const columns = {
  id: 'id',
  organization_id: 'id',
  subject_type: 'text',
  subject_id: 'id',
  old_state: 'text?',
  new_state: 'text',
  reason: 'text',
  created_at: 'instant',
} as const;

/** Writes state changes of alerts of one organization down, a thousand a statement, and tells monitoring. They are never purged. */
export async function recordChanges(
  tx: Db,
  organizationId: string,
  changes: readonly AlertChange[],
  { at, newId }: WriteContext,
): Promise<void> {
  const rows = changes.map((change) => ({
    id: newId(),
    organization_id: organizationId,
    subject_type: 'alert',
    subject_id: change.alert.id,
    old_state: change.from,
    new_state: change.to,
    reason: change.reason,
    created_at: at,
  }));
  await insertIfAbsent(tx, 'state_changes', { columns, rows, key: ['id'] });
  for (const change of changes) tell(organizationId, change);
}

function tell(organizationId: string, { alert, from, to }: AlertChange): void {
  const { id: alertId, severity, class: alertClass, source, title } = alert;
  const facts = { alertId, organizationId, from, to, severity, class: alertClass, source, title };
  tellEvent('alert_transition', facts);
}
