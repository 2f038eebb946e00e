import { ageText, countText } from '../../shared/domain/age.ts';
import { type Gap, silenceMs } from '../../shared/domain/downtime.ts';
import { type Finding, fingerprints, reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import { tellMeasured } from '../platform/telemetry/measurements.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { isUndecided, platformDowntime } from './platformDowntime.ts';
import { type HeardRunner, readHeardRunners } from './stores/runners.ts';
import { OFFLINE_SOURCE } from './stores/silences.ts';

/**
 * Finds runners that are silent for `OFFLINE_MINUTES` (10), the platform's own downtime left out (SPEC S6). Where all runners of an
 * organization, or all of a group, are silent together, that is the finding, and each runner's is its effect. The heartbeat's
 * arrival is by the server's clock: an agent's own clock changes nothing.
 */
export const offlineTimer: TimerHandler = {
  name: OFFLINE_SOURCE,
  schedule: '15 * * * * *',
  plausibleIdleHours: 7 * 24,
  work: sweepOffline,
};

interface Silent {
  readonly runner: HeardRunner;
  readonly silentMs: number;
}

export async function sweepOffline(services: Services): Promise<TickReport> {
  const now = services.now();
  const runners = await readHeardRunners(services.database.db);
  tellAges(runners, now);
  const gaps = await platformDowntime(services, now);
  const undecided = runners.filter(({ lastHeartbeatAt }) => isUndecided(lastHeartbeatAt, gaps, now));
  const isDecided = (runner: HeardRunner): boolean => !undecided.includes(runner);
  const limitMs = services.settings.OFFLINE_MINUTES * 60_000;
  const silent = runners.filter(isDecided).flatMap((runner) => silentOf(runner, gaps, now, limitMs));
  const findings = [...togetherFindings(runners, silent), ...silent.map(runnerFinding)];
  const { opened, reopened, resolved } = await reconcileFindings(services, {
    source: OFFLINE_SOURCE,
    findings,
    undecided: undecided.flatMap(fingerprintsOf),
    at: now,
  });
  return { examined: runners.length, changed: opened + reopened + resolved };
}

function tellAges(runners: readonly HeardRunner[], now: Date): void {
  const oldestFirst = runners.toSorted((a, b) => a.lastHeartbeatAt.getTime() - b.lastHeartbeatAt.getTime());
  const ages = oldestFirst.map(({ name: runner, lastHeartbeatAt }) => {
    const ageMs = Math.max(0, now.getTime() - lastHeartbeatAt.getTime());
    return [ageMs / 1000, { runner }] as const;
  });
  tellMeasured('heartbeat_age_seconds', ages);
}

function silentOf(runner: HeardRunner, gaps: readonly Gap[], now: Date, limitMs: number): Silent[] {
  const silentMs = silenceMs(runner.lastHeartbeatAt, now, gaps);
  return silentMs >= limitMs ? [{ runner, silentMs }] : [];
}

function fingerprintsOf({ id, group_id: groupId }: HeardRunner): string[] {
  const site = groupId === null ? [] : [fingerprints.site(groupId)];
  return [fingerprints.runnerOffline(id), ...site, fingerprints.allRunnersSilent];
}

/**
 * One finding for what is silent together: all of an organization, and whole groups. Of one runner there is no together. While all are
 * silent a site is its effect, so that one that was silent before is neither told as over nor told again.
 */
function togetherFindings(runners: readonly HeardRunner[], silent: readonly Silent[]): Finding[] {
  const findings: Finding[] = [];
  const silentIds = new Set(silent.map(({ runner }) => runner.id));
  for (const [organizationId, all] of Map.groupBy(runners, (runner) => runner.organization_id)) {
    const areAll = all.length > 1 && all.every(({ id }) => silentIds.has(id));
    if (areAll) findings.push(allFinding(organizationId, all.length));
    for (const [groupId, group] of Map.groupBy(all, (runner) => runner.group_id)) {
      const [first] = group;
      if (groupId === null || first === undefined || group.length < 2) continue;
      if (!group.every(({ id }) => silentIds.has(id))) continue;
      const site = siteFinding(organizationId, groupId, first.group_name ?? groupId, group.length);
      findings.push(areAll ? { ...site, ...amongAll } : site);
    }
  }
  return findings;
}

function allFinding(organizationId: string, count: number): Finding {
  return {
    organizationId,
    fingerprint: fingerprints.allRunnersSilent,
    severity: 'critical',
    class: 'operational',
    title: `All ${String(count)} runners are silent`,
    detail: `No runner was heard of for ten minutes and more, though the platform is up. Can the instruments reach the server (name, certificate, firewall)? Agents archive on meanwhile with the credentials that they hold.`,
    runbook: 'all-agents-failed',
    facts: { runners: count },
  };
}

function siteFinding(organizationId: string, groupId: string, name: string, count: number): Finding {
  return {
    organizationId,
    fingerprint: fingerprints.site(groupId),
    severity: 'critical',
    class: 'operational',
    title: `All ${countText(count, 'runner')} of ${name} are silent`,
    detail: `Runners of other groups are heard of: look at the network and the power of ${name}.`,
    runbook: 'all-agents-failed',
    facts: { runners: count },
  };
}

const amongAll = {
  detail: 'All other runners are silent too: look at that first.',
  causeFingerprint: fingerprints.allRunnersSilent,
};

/** What explains it, if anything, is found by runner and group. */
function runnerFinding({ runner, silentMs }: Silent): Finding {
  return {
    organizationId: runner.organization_id,
    fingerprint: fingerprints.runnerOffline(runner.id),
    severity: 'warning',
    class: 'operational',
    title: `${runner.name} is silent`,
    detail: `${runner.name} was last heard of ${ageText(silentMs)} ago. Is the PC on, its agent running, and the server reachable from there?`,
    runnerId: runner.id,
    runbook: 'runner-offline',
    facts: { silentMinutes: Math.floor(silentMs / 60_000) },
  };
}
