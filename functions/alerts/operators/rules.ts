import { z } from 'zod';
import {
  type AlertRule,
  type createAlertRule,
  ruleMatch,
  ruleRoute,
  type updateAlertRule,
} from '../../../shared/contract/alerts.ts';
import type { BodyOf } from '../../../shared/contract/endpoint.ts';
import type { Selectable } from 'kysely';
import { claim, classifyDatabaseError, type Db, json, type Schema } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { type Decision, recordDecision } from './decision.ts';

const MAX_RULES = 200;

type RuleBody = BodyOf<typeof createAlertRule>;
type RuleRow = Selectable<Schema['alert_rules']>;

/** The rules of an organization in the order in which they decide. */
export async function listRules(db: Db, organizationId: string): Promise<AlertRule[]> {
  const rows = await db
    .selectFrom('alert_rules')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('position')
    .orderBy('name')
    .execute();
  return rows.map(ruleOf);
}

/** Throws `not-found` for a channel that is not the organization's, and `conflict` for a name that is taken. */
export async function addRule(services: Services, decision: Decision, body: RuleBody): Promise<AlertRule> {
  const context = writeContext(services);
  const { organizationId } = decision;
  const row: RuleRow & ReturnType<typeof columnsOf> = {
    id: context.newId(),
    organization_id: organizationId,
    ...columnsOf(body),
    version: 1,
    created_at: context.at,
    updated_at: context.at,
  };
  await refusingTwin(body.name, () =>
    services.database.transaction(async (tx) => {
      await refuseForeignChannels(tx, organizationId, body);
      await refuseTooMany(tx, organizationId);
      await tx.insertInto('alert_rules').values(row).execute();
      const done = {
        action: 'alert-rule.created',
        subjectType: 'alert-rule',
        subjectId: row.id,
        detail: body,
      };
      await recordDecision(tx, decision, done, context);
    }),
  );
  return ruleOf({ ...row, match_json: body.match, routes_json: body.routes });
}

/** By compare-and-set on the version that was read. Throws `not-found` and `conflict`. */
export async function changeRule(
  services: Services,
  decision: Decision,
  ruleId: string,
  { version, ...body }: BodyOf<typeof updateAlertRule>,
): Promise<AlertRule> {
  const context = writeContext(services);
  const { organizationId } = decision;
  const changed = await refusingTwin(body.name, () =>
    services.database.transaction(async (tx) => {
      await refuseForeignChannels(tx, organizationId, body);
      const key = { id: ruleId, organization_id: organizationId };
      const set = { ...columnsOf(body), updated_at: context.at };
      const row = await claim(tx, 'alert_rules', { key, version, set });
      if (row === undefined) throw await staleOrGone(tx, organizationId, ruleId);
      const done = {
        action: 'alert-rule.updated',
        subjectType: 'alert-rule',
        subjectId: ruleId,
        detail: body,
      };
      await recordDecision(tx, decision, done, context);
      return row;
    }),
  );
  return ruleOf(changed);
}

/** Throws `not-found`. */
export async function removeRule(services: Services, decision: Decision, ruleId: string): Promise<void> {
  const context = writeContext(services);
  await services.database.transaction(async (tx) => {
    const removed = await tx
      .deleteFrom('alert_rules')
      .where('id', '=', ruleId)
      .where('organization_id', '=', decision.organizationId)
      .returning('name')
      .executeTakeFirst();
    if (removed === undefined) throw new Problem('not-found', `There is no rule ${ruleId}.`);
    const done = {
      action: 'alert-rule.deleted',
      subjectType: 'alert-rule',
      subjectId: ruleId,
      detail: removed,
    };
    await recordDecision(tx, decision, done, context);
  });
}

function columnsOf({ name, position, enabled, match, routes }: RuleBody) {
  return { name: name.trim(), position, enabled, match_json: json(match), routes_json: json(routes) };
}

function ruleOf(row: RuleRow): AlertRule {
  return {
    ruleId: row.id,
    name: row.name,
    position: row.position,
    enabled: row.enabled,
    match: ruleMatch.parse(row.match_json),
    routes: z.array(ruleRoute).parse(row.routes_json),
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A rule may send through its own organization's channels only. */
async function refuseForeignChannels(tx: Db, organizationId: string, body: RuleBody): Promise<void> {
  const wanted = new Set(body.routes.map(({ channelId }) => channelId));
  if (wanted.size === 0) return;
  const rows = await tx
    .selectFrom('notification_channels')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...wanted])
    .execute();
  const own = new Set(rows.map(({ id }) => id));
  const foreign = [...wanted].find((id) => !own.has(id));
  if (foreign !== undefined) throw new Problem('not-found', `There is no channel ${foreign}.`);
}

async function refuseTooMany(tx: Db, organizationId: string): Promise<void> {
  const { rules } = await tx
    .selectFrom('alert_rules')
    .select((eb) => eb.fn.countAll<number>().as('rules'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  if (rules >= MAX_RULES)
    throw new Problem('conflict', `There are ${String(MAX_RULES)} rules already; remove some first.`);
}

async function staleOrGone(tx: Db, organizationId: string, ruleId: string): Promise<Problem> {
  const row = await tx
    .selectFrom('alert_rules')
    .select('version')
    .where('id', '=', ruleId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  return row === undefined
    ? new Problem('not-found', `There is no rule ${ruleId}.`)
    : new Problem('conflict', `Rule ${ruleId} was changed by somebody else; look again.`, {
        extra: { version: row.version },
      });
}

async function refusingTwin<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem('conflict', `There is a rule ${name} already; wanted: another name.`, { cause });
  }
}
