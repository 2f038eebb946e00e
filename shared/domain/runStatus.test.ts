import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveStatus, latestStep, type RunFacts, type StepFacts, type StepStatus } from './runStatus.ts';

const statuses: readonly StepStatus[] = [
  'pending',
  'running',
  'complete',
  'failed',
  'timed_out',
  'error',
  'not_implemented',
];
const step = (status: StepStatus, seq: number | null, kind: StepFacts['kind'] = 'work'): StepFacts => ({
  kind,
  status,
  seq,
});
const running: RunFacts = { status: 'running', ended: false, filesFailed: 0 };
const ended: RunFacts = { status: 'running', ended: true, filesFailed: 0 };

const anyStep = fc.record({
  kind: fc.constantFrom<StepFacts['kind']>('init', 'work', 'baseline', 'failure'),
  status: fc.constantFrom(...statuses),
  seq: fc.option(fc.nat({ max: 20 })),
});
const anyRun = fc.record({
  status: fc.constantFrom<RunFacts['status']>(
    'running',
    'paused',
    'complete',
    'partial',
    'failed',
    'stale',
    'terminated',
  ),
  ended: fc.boolean(),
  filesFailed: fc.nat({ max: 3 }),
});

describe('effectiveStatus', () => {
  it('O4 F4 follows a run to its end', () => {
    const init = step('complete', 1, 'init');
    expect(effectiveStatus(running, [init, step('running', 2), step('pending', null)])).toBe('running');
    expect(effectiveStatus(ended, [init, step('complete', 2), step('complete', 3)])).toBe('complete');
    expect(effectiveStatus(ended, [init, step('failed', 2), step('complete', 3)])).toBe('partial');
    expect(effectiveStatus(ended, [init, step('complete', 2), step('failed', 3)])).toBe('failed');
    expect(effectiveStatus({ ...ended, filesFailed: 1 }, [init, step('complete', 2)])).toBe('partial');
    expect(effectiveStatus(ended, [init])).toBe('failed');
  });

  it('O4 S2 a step that timed out leaves a live run running: it may yet be repeated', () => {
    expect(effectiveStatus(running, [step('timed_out', 2)])).toBe('running');
    expect(effectiveStatus(ended, [step('timed_out', 2)])).toBe('failed');
  });

  it('O4 O5 a broken chain counts as failed whatever else went well', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 8 }), fc.boolean(), (steps, isEnded) => {
        const chainFailed = step('failed', 99, 'failure');
        const run = isEnded ? ended : running;
        expect(effectiveStatus(run, [...steps, chainFailed])).toBe('failed');
      }),
    );
  });

  it('O4 what a person or a sweeper decided stays until they lift it', () => {
    fc.assert(
      fc.property(anyRun, fc.array(anyStep, { maxLength: 8 }), (run, steps) => {
        fc.pre(['paused', 'stale', 'terminated'].includes(run.status));
        expect(effectiveStatus(run, steps)).toBe(run.status);
      }),
    );
  });

  it('O4 does not depend on the order of the rows, nor on init, baselines and seeded pending steps', () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.uniqueArray(anyStep, { maxLength: 8, selector: (each) => each.seq }),
        fc.array(
          fc.constantFrom(step('error', 50, 'init'), step('failed', 51, 'baseline'), step('pending', null)),
        ),
        (run, steps, noise) => {
          const status = effectiveStatus(run, steps);
          expect(effectiveStatus(run, steps.toReversed())).toBe(status);
          expect(effectiveStatus(run, [...noise, ...steps])).toBe(status);
          expect(effectiveStatus(run, [...steps, ...noise])).toBe(status);
        },
      ),
    );
  });

  it('O4 is stable: storing its answer and asking again gives the same', () => {
    fc.assert(
      fc.property(anyRun, fc.array(anyStep, { maxLength: 8 }), (run, steps) => {
        const status = effectiveStatus(run, steps);
        expect(effectiveStatus({ ...run, status }, steps)).toBe(status);
      }),
    );
  });

  it('F4 is complete only if nothing failed, and never complete before the end', () => {
    fc.assert(
      fc.property(anyRun, fc.array(anyStep, { maxLength: 8 }), (run, steps) => {
        if (effectiveStatus(run, steps) !== 'complete') return;
        expect(run.ended && run.filesFailed === 0).toBe(true);
        const work = steps.filter((each) => each.kind === 'work' && each.status !== 'pending');
        expect(work.length).toBeGreaterThan(0);
        for (const each of work) expect(['complete', 'not_implemented']).toContain(each.status);
      }),
    );
  });
});

describe('latestStep', () => {
  it('O4 a step without a number is no later than the first, whichever row comes first', () => {
    const steps = [step('complete', null), step('failed', 0)];
    expect(latestStep(steps)?.seq).toBe(0);
    expect(latestStep(steps.toReversed())?.seq).toBe(0);
  });

  it('O2 is the one with the highest seq', () => {
    expect(latestStep([step('complete', 3), step('failed', 7), step('running', 5)])?.seq).toBe(7);
    expect(latestStep<StepFacts>([])).toBe(undefined);
  });
});
