import { describe, expect, it } from 'vitest';
import type { AuditFacts, JobFacts, RunnerFacts } from '../facts.ts';
import { checks } from './index.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

const runner: RunnerFacts = {
  runnerId: 'argo1',
  name: 'ARGO1',
  lastHeartbeatAt: minutesAgo(1),
  agentVersion: '1.0.93.0',
  activeJobs: 0,
  clockOffsetMs: 200,
};

const run = (status: 'complete' | 'partial' | 'failed' | 'stale' | 'running', minutes: number) => ({
  runId: 'run-1',
  status,
  startedAt: minutesAgo(minutes + 1),
  endedAt: status === 'running' ? null : minutesAgo(minutes),
  lastActivityAt: minutesAgo(minutes),
});

const job: JobFacts = {
  jobId: 'job-1',
  name: 'geometry',
  runnerName: 'ARGO1',
  kind: 'geometry',
  createdAt: minutesAgo(10_000),
  scheduleSeconds: 900,
  pausedReason: null,
  sourceCount: 400,
  sourceCap: 400,
  backlogCount: 0,
  latestRun: run('complete', 5),
  lastGoodRunAt: minutesAgo(5),
  forecast: {
    state: 'none',
    purgeAt: null,
    hoursLeft: null,
    needSeconds: null,
    assumedPerHour: null,
    isAtRisk: false,
    sentence: 'Nothing waits to be archived.',
  },
};

const reading = (usedBytes: number, daysAgo = 0) => ({
  at: minutesAgo(daysAgo * 1440),
  usedBytes,
  quotaBytes: 1000,
});
const channel = {
  name: 'Teams',
  createdAt: minutesAgo(90_000),
  lastOkAt: minutesAgo(60),
  failed: 0,
  overdue: 0,
};
const share = {
  shareName: 'runner-argo1',
  newestSnapshotAt: minutesAgo(600),
  inUseSince: minutesAgo(90_000),
};
const timer = { name: 'sweep-orphans', state: 'ok', lastDueAt: minutesAgo(2) } as const;
const alert = { title: 'Files lost', class: 'data_loss', openedAt: minutesAgo(3) };
const sampled = { subject: 'runner-argo1/a.geo', finding: 'same', detail: '1000 bytes' } as const;

const well: AuditFacts = {
  now,
  downtime: [],
  minVersion: null,
  lookBackHours: 24,
  orphanMinutes: 30,
  runners: [runner],
  jobs: [job],
  silentRuns: [],
  closedAsStale: 0,
  archivedFiles: { count: 10, withoutChecksum: 0, examples: [] },
  openCriticalAlerts: [],
  indexSample: [sampled],
  databaseReadings: [reading(100)],
  shares: [share],
  channels: [channel],
  timers: [timer, { name: 'sweep-retention', state: 'never', lastDueAt: null }],
};

function statusOf(name: string, facts: Partial<AuditFacts>): string {
  const check = checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check is called ${name}`);
  return check.judge({ ...well, ...facts }).status;
}

const withJob = (change: Partial<JobFacts>): Partial<AuditFacts> => ({ jobs: [{ ...job, ...change }] });
const withRunner = (change: Partial<RunnerFacts>): Partial<AuditFacts> => ({
  runners: [{ ...runner, ...change }],
});

describe('S11 the checks', () => {
  it('S11 all pass when all is well', () => {
    expect(checks.map((check) => check.name)).toEqual([
      'AGENT_ALIVE',
      'AGENT_VERSION',
      'JOBS_SCHEDULED',
      'JOBS_SUCCEEDED',
      'NO_STALE_ORPHANS',
      'CHECKSUMS_POPULATED',
      'STATUS_HEARTBEAT_RICH',
      'NO_ACTIVE_ALERTS',
      'BACKUP_AT_RISK',
      'INDEX_MATCHES_SHARE',
      'CLOCK_SKEW',
      'DB_HEADROOM',
      'SNAPSHOTS_FRESH',
      'NOTIFICATIONS_DELIVERED',
      'TIMERS_ON_TIME',
    ]);
    for (const check of checks) expect(check.judge(well), check.name).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['AGENT_ALIVE', 'pass', withRunner({ lastHeartbeatAt: minutesAgo(10) })],
    ['AGENT_ALIVE', 'fail', withRunner({ lastHeartbeatAt: minutesAgo(10.1) })],
    ['AGENT_ALIVE', 'fail', withRunner({ lastHeartbeatAt: null })],
    ['AGENT_ALIVE', 'warn', { runners: [] }],
    ['AGENT_VERSION', 'pass', { minVersion: '1.0.93' }],
    ['AGENT_VERSION', 'pass', { minVersion: '1.0.9.99' }],
    ['AGENT_VERSION', 'fail', { minVersion: '1.0.93.1' }],
    ['AGENT_VERSION', 'fail', { minVersion: '1.0', ...withRunner({ agentVersion: null }) }],
    ['JOBS_SCHEDULED', 'pass', withJob({ latestRun: run('complete', 29) })],
    ['JOBS_SCHEDULED', 'fail', withJob({ latestRun: run('complete', 31) })],
    ['JOBS_SCHEDULED', 'fail', withJob({ latestRun: null })],
    ['JOBS_SCHEDULED', 'pass', withJob({ latestRun: null, createdAt: minutesAgo(3) })],
    ['JOBS_SCHEDULED', 'warn', withJob({ pausedReason: 'the source looks empty' })],
    ['JOBS_SUCCEEDED', 'pass', withJob({ latestRun: run('partial', 1) })],
    ['JOBS_SUCCEEDED', 'pass', withJob({ latestRun: run('running', 1) })],
    ['JOBS_SUCCEEDED', 'fail', withJob({ latestRun: run('failed', 1) })],
    ['JOBS_SUCCEEDED', 'fail', withJob({ latestRun: run('stale', 1) })],
    ['JOBS_SUCCEEDED', 'warn', withJob({ latestRun: null })],
    ['NO_STALE_ORPHANS', 'fail', { silentRuns: [{ runId: 'run-9', lastActivityAt: minutesAgo(60) }] }],
    ['NO_STALE_ORPHANS', 'warn', { closedAsStale: 1 }],
    ['CHECKSUMS_POPULATED', 'fail', { archivedFiles: { count: 2, withoutChecksum: 1, examples: ['a.geo'] } }],
    ['CHECKSUMS_POPULATED', 'pass', { archivedFiles: { count: 0, withoutChecksum: 0, examples: [] } }],
    ['STATUS_HEARTBEAT_RICH', 'fail', withRunner({ activeJobs: null })],
    ['STATUS_HEARTBEAT_RICH', 'pass', withRunner({ activeJobs: null, lastHeartbeatAt: minutesAgo(25 * 60) })],
    ['NO_ACTIVE_ALERTS', 'fail', { openCriticalAlerts: [alert] }],
    [
      'BACKUP_AT_RISK',
      'fail',
      withJob({ latestRun: run('failed', 1), backlogCount: 3, lastGoodRunAt: minutesAgo(16) }),
    ],
    [
      'BACKUP_AT_RISK',
      'pass',
      withJob({ latestRun: run('failed', 1), backlogCount: 3, lastGoodRunAt: minutesAgo(14) }),
    ],
    [
      'BACKUP_AT_RISK',
      'pass',
      {
        ...withJob({ latestRun: run('failed', 1), backlogCount: 3, lastGoodRunAt: minutesAgo(16) }),
        downtime: [{ from: minutesAgo(10), to: minutesAgo(5) }],
      },
    ],
    [
      'BACKUP_AT_RISK',
      'pass',
      withJob({ latestRun: run('failed', 1), backlogCount: 0, lastGoodRunAt: minutesAgo(5000) }),
    ],
    [
      'BACKUP_AT_RISK',
      'pass',
      withJob({ kind: 'tree', latestRun: run('failed', 1), backlogCount: 3, lastGoodRunAt: null }),
    ],
    ['BACKUP_AT_RISK', 'fail', withJob({ kind: 'tree', forecast: { ...job.forecast, isAtRisk: true } })],
    ['INDEX_MATCHES_SHARE', 'pass', { indexSample: [] }],
    ['INDEX_MATCHES_SHARE', 'fail', { indexSample: [sampled, { ...sampled, finding: 'missing' }] }],
    ['INDEX_MATCHES_SHARE', 'fail', { indexSample: [{ ...sampled, finding: 'different' }] }],
    ['INDEX_MATCHES_SHARE', 'fail', { indexSample: [{ ...sampled, finding: 'not looked up' }] }],
    ['CLOCK_SKEW', 'pass', withRunner({ clockOffsetMs: -300_000 })],
    ['CLOCK_SKEW', 'warn', withRunner({ clockOffsetMs: -300_001 })],
    ['CLOCK_SKEW', 'fail', withRunner({ clockOffsetMs: 900_000 })],
    ['CLOCK_SKEW', 'pass', withRunner({ clockOffsetMs: 900_000, lastHeartbeatAt: minutesAgo(25 * 60) })],
    ['DB_HEADROOM', 'warn', { databaseReadings: [] }],
    ['DB_HEADROOM', 'warn', { databaseReadings: [reading(800)] }],
    ['DB_HEADROOM', 'fail', { databaseReadings: [reading(950)] }],
    ['DB_HEADROOM', 'fail', { databaseReadings: [reading(100, 2), reading(400)] }],
    ['DB_HEADROOM', 'warn', { databaseReadings: [reading(100, 2), reading(160)] }],
    ['SNAPSHOTS_FRESH', 'fail', { shares: [{ ...share, newestSnapshotAt: minutesAgo(27 * 60) }] }],
    ['SNAPSHOTS_FRESH', 'fail', { shares: [{ ...share, newestSnapshotAt: null }] }],
    [
      'SNAPSHOTS_FRESH',
      'warn',
      { shares: [{ ...share, newestSnapshotAt: null, inUseSince: minutesAgo(9) }] },
    ],
    ['SNAPSHOTS_FRESH', 'fail', { shares: 'no answer' }],
    ['NOTIFICATIONS_DELIVERED', 'warn', { channels: [] }],
    ['NOTIFICATIONS_DELIVERED', 'fail', { channels: [{ ...channel, failed: 1 }] }],
    ['NOTIFICATIONS_DELIVERED', 'fail', { channels: [{ ...channel, overdue: 1 }] }],
    ['NOTIFICATIONS_DELIVERED', 'fail', { channels: [{ ...channel, lastOkAt: minutesAgo(27 * 60) }] }],
    ['NOTIFICATIONS_DELIVERED', 'fail', { channels: [{ ...channel, lastOkAt: null }] }],
    [
      'NOTIFICATIONS_DELIVERED',
      'warn',
      { channels: [{ ...channel, lastOkAt: null, createdAt: minutesAgo(5) }] },
    ],
    ['TIMERS_ON_TIME', 'fail', { timers: [{ ...timer, state: 'late' }] }],
    ['TIMERS_ON_TIME', 'fail', { timers: [{ ...timer, state: 'failing' }] }],
    ['TIMERS_ON_TIME', 'warn', { timers: [{ ...timer, state: 'blind' }] }],
  ] as const)('S11 %s gives %s at its bound', (name, status, facts) => {
    expect(statusOf(name, facts)).toBe(status);
  });

  it('A2 S11 tells whoever reads audits of a security alert only that there is one', () => {
    const openCriticalAlerts = [
      alert,
      { ...alert, class: 'security', title: 'Two agents are alive as ARGO-1' },
    ];
    const check = checks.find(({ name }) => name === 'NO_ACTIVE_ALERTS');
    const { evidence } = check!.judge({ ...well, openCriticalAlerts });
    expect(evidence.map(({ subject }) => subject)).toEqual(['Files lost', 'A security alert']);
  });

  it('S11 names the worst first and never more than a hundred', () => {
    const runners = Array.from({ length: 150 }, (_, index) => ({
      ...runner,
      name: `ARGO${String(index)}`,
      lastHeartbeatAt: index === 149 ? null : runner.lastHeartbeatAt,
    }));
    const alive = checks[0]?.judge({ ...well, runners });
    expect(alive?.evidence).toHaveLength(100);
    expect(alive?.evidence[0]).toMatchObject({ subject: 'ARGO149', status: 'fail' });
    expect(alive?.summary).toBe('149 of 150 agents are alive.');
  });
});
