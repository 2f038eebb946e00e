/** Rows of workflows as the engine would have left them, for pages that are looked at. */
type Sql = (statement: string, values: readonly unknown[]) => Promise<number>;

export interface WrittenRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
  /** Minutes before now. */
  readonly startedMinutesAgo: number;
  /** Left out: it goes on. */
  readonly endedMinutesAgo?: number;
  /** When its next slice is due, in minutes. */
  readonly goesOnInMinutes?: number;
  readonly pointer?: string;
  readonly errorTag?: string;
  readonly records?: readonly [read: number, written: number];
  readonly payload?: unknown;
  readonly result?: unknown;
}

export interface WrittenStep {
  readonly step: string;
  readonly kind?: 'init' | 'work' | 'baseline' | 'failure';
  readonly status: string;
  readonly attempts?: number;
  readonly records?: readonly [read: number, written: number];
  readonly error?: string;
  readonly result?: unknown;
  readonly startedMinutesAgo?: number;
  readonly endedMinutesAgo?: number;
}

export interface WrittenChange {
  readonly eventType: string;
  readonly entityCode: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly detail: string | null;
}

/** Writes a run with its steps. */
export async function writeRun(sql: Sql, run: WrittenRun, steps: readonly WrittenStep[] = []): Promise<void> {
  const nowMs = Date.now();
  const at = (minutesAgo: number | undefined) =>
    minutesAgo === undefined ? null : new Date(nowMs - minutesAgo * 60_000);
  await sql(
    `INSERT INTO sync_runs (id, organization_id, sync_type, correlation_id, live_key, status, status_reason, trigger_kind,
       triggered_by, payload_json, result_json, files_examined, files_needed, files_archived, files_skipped, files_failed,
       bytes_archived, slice, slice_attempts, next_slice_at, started_at, ended_at, last_activity_at, version, created_at,
       updated_at, code_version, pointer, error_tag, records_in, records_out)
     SELECT $1, id, $2, $1, $1, $3, $4, 'cron', NULL, $5, $6, 0, 0, 0, 0, 0, 0, 3, 0,
       $9, $7, $8, coalesce($8, now()), 1, $7, now(), '0.1.0', $10, $11, $12, $13
     FROM organizations ORDER BY created_at LIMIT 1`,
    [
      run.id,
      run.name,
      run.status,
      run.reason ?? null,
      JSON.stringify(run.payload ?? {}),
      run.result === undefined ? null : JSON.stringify(run.result),
      at(run.startedMinutesAgo),
      at(run.endedMinutesAgo),
      run.goesOnInMinutes === undefined ? null : at(-run.goesOnInMinutes),
      run.pointer ?? null,
      run.errorTag ?? null,
      run.records?.[0] ?? null,
      run.records?.[1] ?? null,
    ],
  );
  let seq = 0;
  for (const step of steps) {
    seq += 1;
    await sql(
      `INSERT INTO sync_steps (run_id, sync_type, step, kind, seq, status, attempts, records_in, records_out, error,
         result_json, started_at, completed_at, last_activity_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now())`,
      [
        run.id,
        run.name,
        step.step,
        step.kind ?? 'work',
        step.status === 'pending' ? null : seq,
        step.status,
        step.attempts ?? 1,
        step.records?.[0] ?? null,
        step.records?.[1] ?? null,
        step.error ?? null,
        step.result === undefined ? null : JSON.stringify(step.result),
        at(step.startedMinutesAgo),
        at(step.endedMinutesAgo),
      ],
    );
  }
}

/** Writes changes that a run saw, the newest last. */
export async function writeChanges(
  sql: Sql,
  of: { readonly runId: string; readonly register: string; readonly entityType: string },
  changes: readonly WrittenChange[],
): Promise<void> {
  for (const [place, change] of changes.entries()) {
    await sql(
      `INSERT INTO change_events (id, organization_id, run_id, register, event_type, entity_type, entity_code, old_value,
         new_value, detail, created_at)
       SELECT $1, id, $2, $3, $4, $5, $6, $7, $8, $9, now() - make_interval(secs => $10)
       FROM organizations ORDER BY created_at LIMIT 1`,
      [
        `${of.runId}-${String(place).padStart(4, '0')}`,
        of.runId,
        of.register,
        change.eventType,
        of.entityType,
        change.entityCode,
        change.oldValue,
        change.newValue,
        change.detail,
        changes.length - place,
      ],
    );
  }
}
