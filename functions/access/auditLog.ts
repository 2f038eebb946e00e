import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { auditLog } from '../../shared/contract/access.ts';
import { type Db, json, page } from '../platform/database/index.ts';
import type { Identity } from '../platform/http/identity.ts';

/** Who changed something: a caller of the API, or the platform itself by the name of what acted (`sweeper`, `local platform`). */
export type Actor = Identity | { readonly kind: 'system'; readonly name: string };

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly organizationId: string;
  readonly actor: Actor;
  /** `<subject>.<past participle>`: `job.updated`, `user.created`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** What changed, old and new where that is short. Never a secret. */
  readonly detail?: unknown;
  readonly correlationId?: string;
}

/** Writes down who did what; in the transaction of the change, so that neither exists without the other. */
export async function recordAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      id: entry.id,
      organization_id: entry.organizationId,
      actor_kind: actorKind(entry.actor),
      actor: actorName(entry.actor),
      action: entry.action,
      subject_type: entry.subjectType,
      subject_id: entry.subjectId,
      detail_json: json(entry.detail ?? {}),
      correlation_id: entry.correlationId ?? null,
      created_at: entry.at,
    })
    .execute();
}

function actorKind(actor: Actor): string {
  if (actor.kind !== 'person') return actor.kind;
  return actor.by === 'token' ? 'token' : 'user';
}

function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.email;
    case 'agent':
      return actor.runnerId;
    case 'system':
      return actor.name;
    case 'ci':
    case 'workflow':
    case 'public':
      return actor.kind;
  }
}

const PAGE_ROWS = 100;

/** One page of an organization's audit log, newest first. */
export async function readAuditLog(
  db: Db,
  question: {
    readonly organizationId: string;
    readonly cursor: string | undefined;
    readonly limit: number | undefined;
  },
): Promise<ResponseOf<typeof auditLog>> {
  const query = db
    .selectFrom('audit_log')
    .select([
      'id',
      'created_at',
      'actor_kind',
      'actor',
      'action',
      'subject_type',
      'subject_id',
      'detail_json',
    ])
    .where('organization_id', '=', question.organizationId);
  const { rows, nextCursor } = await page(query, {
    order: [
      { column: 'created_at', type: 'instant', direction: 'desc' },
      { column: 'id', type: 'text', direction: 'desc' },
    ],
    limit: question.limit ?? PAGE_ROWS,
    cursor: question.cursor,
  });
  const entries = rows.map((row) => ({
    entryId: row.id,
    at: row.created_at.toISOString(),
    actorKind: row.actor_kind,
    actor: row.actor,
    action: row.action,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    detail: row.detail_json,
  }));
  return { entries, nextCursor: nextCursor ?? null };
}
