import { type AuditResult, type CheckResult, checkResult } from '../../shared/contract/audit.ts';
import type { Db } from '../platform/database/index.ts';
import { firstOrganizationId } from '../platform/organizations.ts';
import type { Services } from '../platform/services.ts';
import { tellEvent } from '../platform/telemetry/customEvents.ts';
import { type AllTimers, platformDowntime } from '../sweepers/index.ts';
import type { AuditFacts } from './facts.ts';
import { readChannelFacts } from './facts/channels.ts';
import { sampleIndex } from './facts/indexSample.ts';
import { readDatabaseReadings, readShareFacts, readTimerFacts } from './facts/platform.ts';
import { checks } from './checks/index.ts';
import {
  countClosedAsStale,
  insertAudit,
  readArchivedFiles,
  readAudits,
  readCriticalAlerts,
  readJobs,
  readRunners,
  readSilentRuns,
  type Scope,
  type StoredAudit,
} from './store.ts';

export interface AuditRequest {
  readonly scope: Scope;
  readonly trigger: 'manual' | 'ci' | 'timer';
  readonly requestedBy: string;
  readonly minVersion: string | null;
}

/** What an audit needs beside the services. */
export interface AuditParts {
  /** Every timer of the app. */
  readonly timers: AllTimers;
}

/** The orphan sweeper looks every five minutes; a run is late only after two of its looks. */
const SWEEP_MINUTES = 10;

/**
 * Runs the fidelity audit, keeps its result and returns it. A check that throws makes the audit itself fail (`error`,
 * exit 2): that is kept and returned too. Rejects only when not even that can be stored.
 */
export async function runAudit(
  services: Services,
  parts: AuditParts,
  request: AuditRequest,
): Promise<AuditResult> {
  const { db } = services.database;
  const startedAt = services.now();
  const { verdict, results } = await judge(services, parts, request, startedAt);
  const stored: StoredAudit = {
    auditId: services.newId(),
    organizationId: request.scope ?? (await ownerOf(db)),
    verdict,
    trigger: request.trigger,
    requestedBy: request.requestedBy,
    minVersion: request.minVersion,
    startedAt,
    finishedAt: services.now(),
    checks: results,
  };
  await insertAudit(db, stored);
  tellAudit(stored);
  return asResult(stored);
}

function tellAudit({ auditId, verdict, trigger, checks: results, startedAt, finishedAt }: StoredAudit): void {
  const named = (wanted: CheckResult['status']): string =>
    results.flatMap(({ name, status }) => (status === wanted ? name : [])).join(' ');
  tellEvent('audit_finished', {
    auditId,
    verdict,
    trigger,
    failed: named('fail'),
    warned: named('warn'),
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    checks: results.length,
  });
}

/** The organization under which an audit over all of them is kept: the first. */
async function ownerOf(db: Db): Promise<string> {
  const organizationId = await firstOrganizationId(db);
  if (organizationId === undefined)
    throw new Error('There is no organization yet; the platform makes one with its first account');
  return organizationId;
}

async function judge(
  services: Services,
  parts: AuditParts,
  request: AuditRequest,
  now: Date,
): Promise<{ verdict: StoredAudit['verdict']; results: CheckResult[] }> {
  try {
    const facts = await readFacts(services, parts, request, now);
    const results = checks.map((check) => ({ name: check.name, ...check.judge(facts) }));
    const statuses = new Set(results.map((result) => result.status));
    return { verdict: statuses.has('fail') ? 'fail' : statuses.has('warn') ? 'warn' : 'pass', results };
  } catch (error) {
    services.log.error('the audit itself failed', { error });
    const summary = 'The audit itself failed; the log says why.';
    return { verdict: 'error', results: [{ name: 'AUDIT', status: 'fail', summary, evidence: [] }] };
  }
}

async function readFacts(
  services: Services,
  { timers }: AuditParts,
  request: AuditRequest,
  now: Date,
): Promise<AuditFacts> {
  const { settings, database } = services;
  const db: Db = database.db;
  const since = new Date(now.getTime() - settings.AUDIT_LOOK_BACK_HOURS * 3_600_000);
  const silentBefore = new Date(now.getTime() - (settings.ORPHAN_MINUTES + SWEEP_MINUTES) * 60_000);
  return {
    now,
    downtime: await platformDowntime(services, now),
    minVersion: request.minVersion,
    lookBackHours: settings.AUDIT_LOOK_BACK_HOURS,
    orphanMinutes: settings.ORPHAN_MINUTES,
    runners: await readRunners(db, request.scope),
    jobs: await readJobs(db, request.scope, now),
    silentRuns: await readSilentRuns(db, request.scope, silentBefore),
    closedAsStale: await countClosedAsStale(db, request.scope, since),
    archivedFiles: await readArchivedFiles(db, request.scope, since),
    openCriticalAlerts: await readCriticalAlerts(db, request.scope),
    indexSample: await sampleIndex(services, request.scope),
    databaseReadings: await readDatabaseReadings(db, now),
    shares: await readShareFacts(services, request.scope),
    channels: await readChannelFacts(db, request.scope, { now, since }),
    timers: await readTimerFacts(services, timers),
  };
}

const MAX_LISTED = 50;

export async function listAudits(db: Db, scope: Scope): Promise<AuditResult[]> {
  const rows = await readAudits(db, scope, MAX_LISTED);
  return rows.map((row) =>
    asResult({
      auditId: row.id,
      organizationId: row.organization_id,
      verdict: row.verdict,
      trigger: row.trigger_kind,
      requestedBy: row.requested_by,
      minVersion: row.min_version,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      checks: checkResult.array().parse(row.checks_json),
    }),
  );
}

const exitCodes = { pass: 0, warn: 0, fail: 1, error: 2 } as const;

function asResult(audit: StoredAudit): AuditResult {
  return {
    auditId: audit.auditId,
    verdict: audit.verdict,
    exitCode: exitCodes[audit.verdict],
    trigger: audit.trigger,
    requestedBy: audit.requestedBy,
    minVersion: audit.minVersion,
    startedAt: audit.startedAt.toISOString(),
    finishedAt: audit.finishedAt.toISOString(),
    checks: [...audit.checks],
  };
}
