import fc from 'fast-check';
import { Problem } from '../../functions/platform/http/problem.ts';
import { type StepWrite, writeContext, writeSteps } from '../../functions/platform/runs/index.ts';
import type { Services } from '../../functions/platform/services.ts';
import { sweepOrphans } from '../../functions/sweepers/orphans.ts';
import { sweepWatchdog } from '../../functions/sweepers/watchdog.ts';
import { pauseRun, resumeRun, retryRun, terminateRun } from '../../functions/workflows/controlRun.ts';
import {
  dispatchOverdueSlices,
  type SlicedWork,
  type Workflows,
  workOnSlice,
} from '../../functions/workflows/index.ts';
import type { StepKind } from '../../shared/domain/runStatus.ts';
import type { ClockedApp } from './clockedApp.ts';

const MINUTE_MS = 60_000;

/** What may happen to the run of a workflow. */
export type Happening =
  /** A worker takes its slice, finds these steps, and ends the slice one way or another, while a person meddles or the queue is away. */
  | {
      readonly what: 'slice';
      readonly ends: 'continue' | 'retry' | 'finished';
      readonly steps: readonly StepWrite[];
      readonly doubt: boolean;
      readonly meanwhile: 'pause' | 'terminate' | null;
      readonly queueIsAway: boolean;
    }
  /** Steps are written outside of any slice. */
  | { readonly what: 'steps'; readonly steps: readonly StepWrite[] }
  | { readonly what: 'pause' | 'resume' | 'retry' | 'terminate' }
  /** So many minutes pass, and the sweepers look. */
  | { readonly what: 'silence'; readonly minutes: 1 | 6 | 31 };

const kinds: Readonly<Record<string, StepKind>> = {
  init: 'init',
  volume_check_orgs: 'baseline',
  sweep_statuses: 'work',
  sync_training: 'work',
  write_snapshot: 'work',
  chain_failed: 'failure',
  fatal: 'failure',
};

/** Most of what happens is work that goes well, or there would be no end that is not a failure. */
const step: fc.Arbitrary<StepWrite> = fc
  .record({
    step: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('sweep_statuses', 'sync_training', 'write_snapshot') },
      { weight: 2, arbitrary: fc.constantFrom('init', 'volume_check_orgs') },
      { weight: 1, arbitrary: fc.constantFrom('chain_failed', 'fatal') },
    ),
    status: fc.oneof(
      { weight: 2, arbitrary: fc.constant('complete' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          ...(['pending', 'running', 'failed', 'timed_out', 'error', 'not_implemented'] as const),
        ),
      },
    ),
    error: fc.option(fc.constant('it said no')),
    recordsIn: fc.option(fc.nat(9)),
  })
  .map((drawn) => ({ ...drawn, kind: kinds[drawn.step] ?? 'work' }));
const steps = fc.uniqueArray(step, { maxLength: 3, selector: (one) => one.step });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('slice' as const),
      ends: fc.constantFrom(...(['continue', 'retry', 'finished', 'finished'] as const)),
      steps,
      doubt: fc.boolean(),
      meanwhile: fc.constantFrom(...([null, null, null, null, 'pause', 'pause', 'terminate'] as const)),
      queueIsAway: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('steps' as const), steps }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom(...(['pause', 'resume', 'resume', 'retry', 'retry', 'terminate'] as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('silence' as const),
      minutes: fc.constantFrom(1 as const, 6 as const, 31 as const),
    }),
  },
);

export const history = fc.array(happening, { minLength: 1, maxLength: 7 });

/** Lets it happen. What the run's state does not allow does not happen. */
export async function happen(
  app: ClockedApp,
  workflows: Workflows,
  runId: string,
  event: Happening,
): Promise<void> {
  app.advance(1000);
  if (event.what === 'slice') await workOn(app, runId, event);
  else if (event.what === 'steps') await writeOutside(app.services, runId, event.steps);
  else if (event.what === 'silence') await staySilent(app, event.minutes);
  else await unlessRefused(doIt(app.services, workflows, runId, event.what));
}

async function writeOutside(services: Services, runId: string, written: readonly StepWrite[]): Promise<void> {
  await writeSteps(services.database.db, runId, written, writeContext(services));
}

async function staySilent({ services, advance }: ClockedApp, minutes: number): Promise<void> {
  advance(minutes * MINUTE_MS);
  await sweepWatchdog(services);
  await sweepOrphans(services, []);
  await dispatchOverdueSlices(services);
}

async function workOn(
  app: ClockedApp,
  runId: string,
  event: Extract<Happening, { what: 'slice' }>,
): Promise<void> {
  const { services } = app;
  const run = await services.database.db
    .selectFrom('sync_runs')
    .select(['slice', 'sync_type', 'next_slice_at'])
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  app.advance(Math.max(0, (run.next_slice_at?.getTime() ?? 0) - services.now().getTime()));
  const work: SlicedWork = {
    syncType: run.sync_type,
    runSlice: async () => {
      if (event.meanwhile !== null) await unlessRefused(doIt(services, [], runId, event.meanwhile));
      return outcomeOf(event, services.now());
    },
  };
  app.queue.isAway = event.queueIsAway;
  await workOnSlice([work], { runId, slice: run.slice }, services);
  app.queue.isAway = false;
}

function outcomeOf({ ends, steps: found, doubt }: Extract<Happening, { what: 'slice' }>, now: Date) {
  if (ends === 'retry') return { kind: ends, steps: found, nextAt: new Date(now.getTime() + 4000) };
  if (ends === 'continue') return { kind: ends, steps: found, pointer: 'sync_training' };
  const why = doubt ? 'it read nothing' : null;
  return { kind: ends, steps: found, reason: null, result: { message: 'over' }, doubt: why };
}

async function doIt(
  services: Services,
  workflows: Workflows,
  runId: string,
  what: 'pause' | 'resume' | 'retry' | 'terminate',
): Promise<unknown> {
  const { organization_id: organizationId } = await services.database.db
    .selectFrom('sync_runs')
    .select('organization_id')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  const control = { organizationId, runId, by: 'ada' };
  if (what === 'retry') return await retryRun(services, workflows, control);
  if (what === 'terminate') return await terminateRun(services, workflows, control);
  return await { pause: pauseRun, resume: resumeRun }[what](services, control);
}

async function unlessRefused(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}
