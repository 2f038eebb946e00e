import type { AzureFilesStatus } from '../../shared/domain/fleetRisk.ts';
import { presenceOf } from '../../shared/domain/presence.ts';
import { revokeDue } from '../archive/index.ts';
import { type Finding, fingerprints, reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { type HeardRunner, readHeardRunners } from './stores/runners.ts';

const SOURCE = 'sweep-share-access';

/**
 * Finds runners whose heartbeat says that they cannot write to their share (SPEC S6): refused, unreachable, full, slowed
 * down. Where several runners behind one share cannot reach it, that is the share's finding and theirs are its effects. A
 * silent runner's last word is not repeated: its finding stays as it is. And ends access that storage did not let end when an
 * agent lost its rights: a stolen PC keeps it for minutes, and not for as long as a SAS lives.
 */
export const shareAccessTimer: TimerHandler = {
  name: SOURCE,
  schedule: '25 * * * * *',
  plausibleIdleHours: 7 * 24,
  work: sweepShareAccess,
};

export async function sweepShareAccess(services: Services): Promise<TickReport> {
  const now = services.now();
  const runners = await readHeardRunners(services.database.db);
  const present = runners.filter((runner) => presenceOf(runner.lastHeartbeatAt, now) === 'online');
  const absent = runners.filter((runner) => !present.includes(runner));
  const findings = [...shareFindings(present), ...present.flatMap(runnerFinding)];
  const { opened, reopened, resolved } = await reconcileFindings(services, {
    source: SOURCE,
    findings,
    undecided: absent.flatMap((runner) => [fingerprintOf(runner), fingerprints.share(runner.share_name)]),
    at: now,
  });
  const revoked = await revokeDue(services);
  return { examined: runners.length, changed: opened + reopened + resolved + revoked };
}

const fingerprintOf = (runner: HeardRunner): string => `share-access:${runner.id}`;

type Fault = Exclude<AzureFilesStatus, 'ok'>;

const faults: Readonly<
  Record<Fault, Pick<Finding, 'severity' | 'runbook'> & { title: string; detail: string }>
> = {
  auth_failure: {
    severity: 'warning',
    title: 'the share refuses its credential',
    detail:
      'Storage answers with 401 or 403. A new credential comes with the next heartbeat; if that is refused too, look at the storage account’s keys and the share’s access policy.',
    runbook: 'auth-expired',
  },
  unreachable: {
    severity: 'warning',
    title: 'it cannot reach the share',
    detail: 'Look at the site’s network and firewall, and at the storage account’s health.',
    runbook: 'auth-expired',
  },
  full: {
    severity: 'critical',
    title: 'its share is full',
    detail: 'Nothing can be archived until the share’s quota is raised.',
    runbook: 'share-full',
  },
  throttled: {
    severity: 'info',
    title: 'the share slows it down',
    detail: 'It goes on, slowly. If it stays so, raise the storage account’s limits.',
    runbook: 'auth-expired',
  },
};

function faultOf({ azure_files_status: status }: HeardRunner): Fault | undefined {
  return status !== null && status !== 'ok' && status in faults ? (status as Fault) : undefined;
}

function runnerFinding(runner: HeardRunner): Finding[] {
  const fault = faultOf(runner);
  if (fault === undefined) return [];
  const { severity, title, detail, runbook } = faults[fault];
  return [
    {
      organizationId: runner.organization_id,
      fingerprint: fingerprintOf(runner),
      severity,
      class: 'operational',
      title: `${runner.name}: ${title}`,
      detail,
      runnerId: runner.id,
      ...(runbook === undefined ? {} : { runbook }),
    },
  ];
}

/** Several runners share one share and none of those that speak can reach it. */
function shareFindings(present: readonly HeardRunner[]): Finding[] {
  const shares = Map.groupBy(present, (runner) => runner.share_name);
  return [...shares].flatMap(([shareName, users]) => {
    const [first] = users;
    if (first === undefined || users.length < 2) return [];
    if (!users.every((runner) => faultOf(runner) === 'unreachable')) return [];
    return [
      {
        organizationId: first.organization_id,
        fingerprint: fingerprints.share(shareName),
        severity: 'critical' as const,
        class: 'operational' as const,
        title: `No runner can reach share ${shareName}`,
        detail: `All ${String(users.length)} runners that archive to it say so. Look at the storage account's health and network rules.`,
        runbook: 'auth-expired',
        facts: { runners: users.length },
      },
    ];
  });
}
