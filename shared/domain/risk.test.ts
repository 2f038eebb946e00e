import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessFleet, assessRunner, type RunnerState } from './fleetRisk.ts';
import { assessJob, type JobState } from './jobRisk.ts';
import { presenceOf } from './presence.ts';
import { adviceOn } from './runAdvice.ts';
import { attention, danger, type Risk, safe, worstOf } from './risk.ts';
import type { RunStatus } from './runStatus.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const quiet: JobState = {
  enabled: true,
  pausedReason: null,
  scheduleSeconds: 300,
  createdAt: minutesAgo(100_000),
  sourceCount: 1200,
  sourceCap: null,
  backlogCount: 0,
  oldestUnsyncedAt: null,
  latestRun: { status: 'complete', startedAt: minutesAgo(3) },
  lastGoodRunAt: minutesAgo(2),
  forecast: { state: 'unknown', isAtRisk: false, sentence: '' },
  lostFiles: 0,
};
const job = (more: Partial<JobState>) => assessJob({ ...quiet, ...more }, now);
const well: RunnerState = {
  status: 'active',
  lastHeartbeatAt: minutesAgo(0.5),
  azureFilesStatus: 'ok',
  clockOffsetMs: 120,
  backlogCount: 0,
  jobs: [{ name: 'geometry', risk: safe('All 5 files of the source are archived.') }],
  criticalAlerts: [],
};
const runner = (more: Partial<RunnerState>) => assessRunner({ ...well, ...more }, now);

describe('assessJob', () => {
  it('L5 says that nothing waits, with the number', () => {
    expect(job({})).toEqual(safe('Nothing waits to be archived; 1,200 files on the source.'));
    expect(job({ backlogCount: 1 })).toEqual(safe('1 file waits for the next run.'));
    expect(job({ sourceCount: null })).toEqual(safe('Nothing waits to be archived.'));
  });

  it('S7 is in danger when the latest run failed, files wait and nothing was good for a cycle', () => {
    const failed = { latestRun: { status: 'failed', startedAt: minutesAgo(1) }, backlogCount: 12 };
    expect(job({ ...failed, lastGoodRunAt: minutesAgo(4) }).level).toBe('attention');
    const risk = job({ ...failed, lastGoodRunAt: minutesAgo(200) });
    expect(risk).toMatchObject({ level: 'danger' });
    expect(risk.sentence).toBe('12 files wait; the latest run failed, and none was good for 3 h.');
  });

  it('S7 a quiet weekend is no danger, however long it lasts', () => {
    expect(job({ lastGoodRunAt: minutesAgo(5000) }).level).toBe('safe');
  });

  it('F14 is in danger when a full source deletes files that are not archived', () => {
    const full = { sourceCap: 500, sourceCount: 500, backlogCount: 20 };
    expect(job(full).level).toBe('safe');
    expect(job({ ...full, lastGoodRunAt: minutesAgo(60) })).toMatchObject({ level: 'danger' });
    expect(job({ ...full, backlogCount: 500 })).toMatchObject({ level: 'danger' });
    expect(job({ ...full, sourceCount: 499, lastGoodRunAt: minutesAgo(60) }).level).toBe('attention');
  });

  it('F14 where the purge is forecast, the forecast decides', () => {
    const full = { sourceCap: 500, sourceCount: 500, backlogCount: 20, lastGoodRunAt: minutesAgo(60) };
    const far = { state: 'forecast', isAtRisk: false, sentence: 'in 3 days' } as const;
    expect(job({ ...full, forecast: far }).level).toBe('attention');
    const near = { ...far, isAtRisk: true, sentence: 'The oldest is deleted in 2 h.' };
    expect(job({ ...full, forecast: near })).toMatchObject({ level: 'danger', sentence: near.sentence });
    // Nothing waited when its silent agent was last heard of.
    expect(job({ forecast: near }).level).toBe('danger');
  });

  it.each([
    ['danger', { lostFiles: 2 }, '2 files were deleted'],
    ['attention', { enabled: false }, 'Disabled'],
    ['attention', { pausedReason: 'the source looks empty' }, 'Paused: the source looks empty'],
    ['danger', { pausedReason: 'the source looks empty', backlogCount: 3 }, '3 files not archived'],
    [
      'attention',
      { backlogCount: 3, lastGoodRunAt: minutesAgo(40) },
      '3 files wait; the last good run was 40 min ago.',
    ],
    ['attention', { backlogCount: 3, oldestUnsyncedAt: minutesAgo(3000) }, 'the oldest for 2 days'],
    ['attention', { latestRun: { status: 'failed', startedAt: now } }, 'nothing waits'],
    ['attention', { latestRun: null, lastGoodRunAt: null }, 'No run yet'],
  ] as const)('L5 is %s for %j', (level, state, words) => {
    expect(job(state)).toMatchObject({ level });
    expect(job(state).sentence).toContain(words);
  });

  it('L5 never claims more than is known, and always says what to do about what is wrong', () => {
    const anyJob = fc.record({
      enabled: fc.boolean(),
      pausedReason: fc.option(fc.constant('a reason')),
      scheduleSeconds: fc.integer({ min: 5, max: 90_000 }),
      createdAt: fc.nat({ max: 9000 }).map(minutesAgo),
      sourceCount: fc.option(fc.nat({ max: 50 })),
      sourceCap: fc.option(fc.integer({ min: 1, max: 50 })),
      backlogCount: fc.option(fc.nat({ max: 50 })),
      oldestUnsyncedAt: fc.option(fc.nat({ max: 9000 }).map(minutesAgo)),
      latestRun: fc.option(
        fc.record({
          status: fc.constantFrom('running', 'complete', 'partial', 'failed', 'stale'),
          startedAt: fc.nat({ max: 9000 }).map(minutesAgo),
        }),
      ),
      lastGoodRunAt: fc.option(fc.nat({ max: 9000 }).map(minutesAgo)),
      forecast: fc.record({
        state: fc.constantFrom('unknown', 'none', 'forecast'),
        isAtRisk: fc.boolean(),
        sentence: fc.constant('A forecast.'),
      }),
      lostFiles: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(anyJob, (state) => {
        const risk = assessJob(state, now);
        expect(risk.action === null).toBe(risk.level === 'safe');
        if ((state.backlogCount ?? 0) > 0) expect(risk.sentence).not.toMatch(/^Nothing waits/);
        if (state.lostFiles > 0 || (state.pausedReason !== null && state.enabled))
          expect(risk.level).not.toBe('safe');
        expect(risk.sentence).not.toMatch(/null|NaN|undefined/);
      }),
    );
  });
});

describe('assessRunner', () => {
  it.each([
    ['safe', {}, 'All 5 files'],
    ['attention', { lastHeartbeatAt: minutesAgo(6) }, 'Last heard of 6 min ago'],
    ['attention', { lastHeartbeatAt: minutesAgo(25) }, 'Silent for 25 min; whether'],
    ['danger', { lastHeartbeatAt: minutesAgo(25), backlogCount: 12 }, 'with 12 files not archived'],
    ['danger', { lastHeartbeatAt: minutesAgo(3000) }, 'Silent for 2 days'],
    ['attention', { lastHeartbeatAt: null }, 'not heard of yet'],
    ['attention', { azureFilesStatus: 'auth_failure' }, 'refuses its credential'],
    ['danger', { azureFilesStatus: 'full', backlogCount: 2 }, 'The share is full. 2 files not archived.'],
    ['attention', { azureFilesStatus: 'throttled', backlogCount: 2 }, 'slows'],
    ['attention', { clockOffsetMs: -400_000 }, 'Its clock is 6 min behind'],
    ['attention', { status: 'disabled' }, 'Disabled'],
    ['danger', { criticalAlerts: ['Two agents are alive as ARGO3'] }, 'Two agents are alive as ARGO3.'],
    [
      'danger',
      {
        jobs: [
          { name: 'a', risk: safe('ok') },
          { name: 'b', risk: danger('Bad.', 'Act.') },
        ],
      },
      'b: Bad.',
    ],
  ] as const)('L5 S6 is %s for %j', (level, state, words) => {
    const risk = runner(state);
    expect(risk).toMatchObject({ level });
    expect(risk.sentence).toContain(words);
  });
});

describe('assessFleet', () => {
  type Purges = ReadonlyArray<{ readonly hoursLeft: number | null; readonly needSeconds: number | null }>;
  const one = (name: string, risk: Risk, isCounted = true, purges: Purges = []) => ({
    name,
    isCounted,
    risk,
    purges,
  });
  const fleet = (runners: ReturnType<typeof one>[], pendingAgents = 0) =>
    assessFleet({ runners, pendingAgents, criticalAlerts: [] });

  it('L5 says it in one sentence', () => {
    const names = ['ARGO1', 'ARGO2', 'ARGO3', 'ARGO4', 'ARGO5', 'ARGO6'];
    const all = names.map((name) => one(name, safe('ok')));
    expect(fleet(all)).toEqual(safe('All 6 instruments are safe.'));
    expect(fleet(all.slice(0, 1))).toEqual(safe('ARGO1, the one instrument, is safe.'));
    expect(fleet([...all.slice(1), one('ARGO1', attention('Last heard of 6 min ago.', 'Look.'))])).toEqual(
      attention('1 of 6 instruments is in need of attention: ARGO1: Last heard of 6 min ago.', 'Look.'),
    );
    const two = [...all.slice(2), one('X', danger('Bad.', 'Act.')), one('Y', danger('Worse.', 'Run.'))];
    expect(fleet(two)).toEqual(danger('2 of 6 instruments are at risk: X: Bad.', 'Act.'));
  });

  it('L5 F14 names the nearest purge of the week when all are safe', () => {
    const purging = (name: string, hoursLeft: number | null, isCounted = true) =>
      one(name, safe('ok'), isCounted, [
        { hoursLeft: null, needSeconds: null },
        { hoursLeft, needSeconds: 720 },
      ]);
    expect(fleet([purging('ARGO1', 90), purging('ARGO4', 31.4), purging('ARGO5', null)]).sentence).toBe(
      'All 3 instruments are safe. The nearest purge is ARGO4 in 31 h; its backlog needs 12 min.',
    );
    expect(fleet([purging('ARGO1', 168.5), purging('ARGO2', 2, false)]).sentence).toBe(
      'ARGO1, the one instrument, is safe.',
    );
  });

  it('L5 leaves disabled runners out, and says when nobody is there', () => {
    expect(fleet([one('A', safe('ok')), one('B', danger('Bad.', 'Act.'), false)]).level).toBe('safe');
    expect(fleet([]).sentence).toBe('No instrument is connected yet.');
    expect(fleet([], 2).sentence).toContain('2 agents wait for approval');
  });
});

describe('the small rules', () => {
  it('S6 presence turns late at 5 and offline at 10 minutes, by the server’s clock', () => {
    expect(presenceOf(null, now)).toBe('never');
    expect(presenceOf(minutesAgo(4.99), now)).toBe('online');
    expect(presenceOf(minutesAgo(5), now)).toBe('late');
    expect(presenceOf(minutesAgo(9.99), now)).toBe('late');
    expect(presenceOf(minutesAgo(10), now)).toBe('offline');
    expect(presenceOf(minutesAgo(-60), now)).toBe('online');
  });

  it('L5 the worst risk is the first of the highest level', () => {
    const levels = fc.constantFrom(safe('s'), attention('a', 'x'), danger('d', 'x'));
    fc.assert(
      fc.property(levels, fc.array(levels), (first, others) => {
        const worst = worstOf(first, ...others);
        const all = [first, ...others].map((risk) => risk.level);
        expect(worst.level).toBe(
          all.includes('danger') ? 'danger' : all.includes('attention') ? 'attention' : 'safe',
        );
      }),
    );
  });

  it('F4 there is advice on every status', () => {
    const statuses: RunStatus[] = [
      'running',
      'paused',
      'complete',
      'partial',
      'failed',
      'stale',
      'terminated',
    ];
    const advice = statuses.map((status) => adviceOn({ status, statusReason: null, filesFailed: 0 }));
    expect(new Set(advice).size).toBe(statuses.length);
    expect(adviceOn({ status: 'stale', statusReason: 'superseded', filesFailed: 0 })).toContain('newer run');
  });
});
