import { z } from 'zod';
import { ruleMatch, ruleRoute } from '../../shared/contract/alerts.ts';
import { downtimeGaps } from '../../shared/domain/downtime.ts';
import type { Db } from '../platform/database/index.ts';
import type { AlertRow } from './alertRow.ts';
import { policy } from './policy.ts';
import type { RoutedChannel, Rule } from './routing.ts';

export const NOTIFICATIONS_TIMER = 'sweep-notifications';

/** Each ticks every minute; while either does, the platform is up. Two, so that one that fails is no outage. */
export const signsOfLife: readonly string[] = [NOTIFICATIONS_TIMER, 'sweep-dispatch'];

export interface Window {
  readonly runnerId: string | null;
  readonly groupId: string | null;
  readonly endsAt: Date;
}

interface SituatedRunner {
  readonly name: string;
  readonly groupId: string | null;
  /** Active, and heard of at least once: its silence is a finding. */
  readonly isHeard: boolean;
}

/** What stands around the alerts of an organization when it is decided who is told of them. */
export interface Situation {
  readonly organizationName: string;
  readonly rules: readonly Rule[];
  /** Those that are enabled. */
  readonly channels: readonly RoutedChannel[];
  /** Maintenance windows that are open. */
  readonly windows: readonly Window[];
  readonly runners: ReadonlyMap<string, SituatedRunner>;
  readonly jobs: ReadonlyMap<string, { readonly name: string }>;
  /** How many alerts were told one by one within the last minutes. */
  readonly toldRecently: number;
  /** The platform itself was down until a moment ago: until then nothing new is told. */
  readonly settlesUntil: Date | null;
}

/** Reads it all in a handful of statements; nobody waits for anything. */
export async function readSituation(db: Db, organizationId: string, at: Date): Promise<Situation> {
  const organization = await db
    .selectFrom('organizations')
    .select('name')
    .where('id', '=', organizationId)
    .executeTakeFirst();
  const runners = await db
    .selectFrom('runners')
    .select(['id', 'name', 'group_id', 'status', 'last_heartbeat'])
    .where('organization_id', '=', organizationId)
    .execute();
  const jobs = await db
    .selectFrom('jobs')
    .select(['id', 'name'])
    .where('organization_id', '=', organizationId)
    .execute();
  return {
    organizationName: organization?.name ?? organizationId,
    rules: await readRules(db, organizationId),
    channels: await readChannels(db, organizationId),
    windows: await readOpenWindows(db, organizationId, at),
    runners: new Map(runners.map((row) => [row.id, runnerOf(row)])),
    jobs: new Map(jobs.map((row) => [row.id, { name: row.name }])),
    toldRecently: await countTold(db, organizationId, new Date(at.getTime() - policy.stormWithinMs)),
    settlesUntil: await readSettling(db, at),
  };
}

function runnerOf(row: {
  name: string;
  group_id: string | null;
  status: string;
  last_heartbeat: Date | null;
}): SituatedRunner {
  const isHeard = row.status === 'active' && row.last_heartbeat !== null;
  return { name: row.name, groupId: row.group_id, isHeard };
}

export function groupOf(alert: AlertRow, situation: Pick<Situation, 'runners'>): string | null {
  return situation.runners.get(alert.runner_id ?? '')?.groupId ?? null;
}

async function readRules(db: Db, organizationId: string): Promise<Rule[]> {
  const rows = await db
    .selectFrom('alert_rules')
    .select(['enabled', 'match_json', 'routes_json'])
    .where('organization_id', '=', organizationId)
    .where('enabled', '=', true)
    .orderBy('position')
    .orderBy('name')
    .execute();
  // What this version cannot read (a newer one wrote it) matches nothing: the next rule, or the default, tells people.
  return rows.flatMap((row) => {
    const rule = storedRule.safeParse({ ...row, match: row.match_json, routes: row.routes_json });
    return rule.success ? [rule.data] : [];
  });
}

const storedRule = z.object({ enabled: z.boolean(), match: ruleMatch, routes: z.array(ruleRoute) });
const emailConfig = z.object({ defaultRecipients: z.array(z.string()).catch([]) });

async function readChannels(db: Db, organizationId: string): Promise<RoutedChannel[]> {
  const rows = await db
    .selectFrom('notification_channels')
    .select(['id', 'kind', 'config_json'])
    .where('organization_id', '=', organizationId)
    .where('enabled', '=', true)
    .orderBy('id')
    .execute();
  return rows.map(({ id, kind, config_json }) => ({
    id,
    kind,
    defaultRecipients: kind === 'email' ? emailConfig.parse(config_json).defaultRecipients : [],
  }));
}

async function readOpenWindows(db: Db, organizationId: string, at: Date): Promise<Window[]> {
  const rows = await db
    .selectFrom('maintenance_windows')
    .select(['runner_id', 'group_id', 'ends_at'])
    .where('organization_id', '=', organizationId)
    .where('starts_at', '<=', at)
    .where('ends_at', '>', at)
    .execute();
  return rows.map((row) => ({ runnerId: row.runner_id, groupId: row.group_id, endsAt: row.ends_at }));
}

async function countTold(db: Db, organizationId: string, since: Date): Promise<number> {
  const row = await db
    .selectFrom('notifications')
    .select((eb) => eb.fn.count<number>('alert_id').distinct().as('alerts'))
    .where('organization_id', '=', organizationId)
    .where('created_at', '>', since)
    .where('transition', 'in', ['opened', 'reopened', 'worsened'])
    .where('status', '<>', 'suppressed')
    .executeTakeFirstOrThrow();
  return row.alerts;
}

/** A tick a minute: as many lie within the time that matters, and one before it. */
const TICKS = 20;

async function readSettling(db: Db, at: Date): Promise<Date | null> {
  const ticks: Date[][] = [];
  for (const name of signsOfLife) ticks.push(await lastTicks(db, name));
  const started = ticks.flat().filter((startedAt) => startedAt <= at);
  const outage = downtimeGaps(started, at, policy.outageMs).at(-1);
  if (outage === undefined) return null;
  const until = new Date(outage.to.getTime() + policy.afterOutageMs);
  return until > at ? until : null;
}

/** One timer at a time: the index gives its last ticks without looking at the others. */
async function lastTicks(db: Db, timerName: string): Promise<Date[]> {
  const rows = await db
    .selectFrom('timer_ticks')
    .select('started_at')
    .where('timer_name', '=', timerName)
    .orderBy('due_at', 'desc')
    .limit(TICKS)
    .execute();
  return rows.map((row) => row.started_at);
}
