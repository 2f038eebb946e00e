import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { begin } from '../../functions/archive/beginRun.ts';
import { complete } from '../../functions/archive/completeRun.ts';
import { type RunRow, stepsOf, type StepRow } from '../../functions/platform/runs/index.ts';
import { sweepOrphans } from '../../functions/sweepers/orphans.ts';
import { startRun } from '../../functions/workflows/startRun.ts';
import { approvedAgent, resultOf, unarchived } from '../support/archiveServices.ts';
import { type ClockedApp, startClockedApp } from '../support/clockedApp.ts';
import { type Happening, happen, history } from '../support/runHistories.ts';
import { openSurfaces, saidOfFileSync, saidOfWorkflow, type Surfaces } from '../support/statusSurfaces.ts';
import { workflowOf } from '../support/workflows.ts';

/** The name whose views people know; what it does is drawn. */
const workflow = workflowOf(() => Promise.resolve(null), { name: 'tga_sync' });
const workflows = [workflow];

let app: ClockedApp;
let surfaces: Surfaces;

beforeAll(async () => {
  app = await startClockedApp(workflows);
  surfaces = await openSurfaces(app);
});
afterAll(async () => {
  await surfaces.plain.close();
  await app.close();
});
beforeEach(() => forget());

/** What an earlier history left would be told of beside the next one. */
async function forget(): Promise<void> {
  for (const table of [
    'notifications',
    'alerts',
    'state_changes',
    'sync_run_files',
    'sync_steps',
    'sync_runs',
  ] as const)
    await app.database.db.deleteFrom(table).execute();
}

const runRow = (runId: string): Promise<RunRow> =>
  app.database.db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();

const slice = {
  what: 'slice',
  ends: 'finished',
  steps: [],
  doubt: false,
  meanwhile: null,
  queueIsAway: false,
} as const satisfies Happening;
const work = { step: 'sync_training', kind: 'work', status: 'complete', recordsIn: 3 } as const;
const before = { ...work, step: 'sweep_statuses' } as const;
const brokenChain = { step: 'chain_failed', kind: 'failure', status: 'failed' } as const;
const running = { ...slice, ends: 'continue', steps: [{ ...work, status: 'running' }] } as const;

/** A history to each status, and those that were once told in two ways. */
const known: readonly (readonly Happening[])[] = [
  [{ ...slice, steps: [work] }],
  [{ ...slice, steps: [{ ...before, status: 'failed' }, work] }],
  [{ ...slice, steps: [work], doubt: true }],
  [{ ...slice, steps: [before, { ...work, status: 'failed' }] }],
  [{ ...slice, ends: 'continue', queueIsAway: true }],
  [running, { what: 'silence', minutes: 6 }],
  [running, { what: 'silence', minutes: 31 }],
  [running, { what: 'pause' }],
  [running, { what: 'terminate' }],
  // Paused while its last slice went on: it was both over and paused.
  [{ ...slice, steps: [work], meanwhile: 'pause' }],
  // Its chain broke while it was paused: it was resumed as if nothing were wrong.
  [{ ...running, meanwhile: 'pause' }, { what: 'steps', steps: [brokenChain] }, { what: 'resume' }],
  // Two of its steps timed out: people were told of one.
  [
    {
      what: 'steps',
      steps: [
        { ...work, status: 'timed_out' },
        { ...before, status: 'timed_out' },
      ],
    },
  ],
];

it('O4 O3 whatever happens to a run of a workflow, no two places say different things of its status', async () => {
  const property = fc.asyncProperty(history, async (events) => {
    await forget();
    const runId = await begun();
    for (const event of events) {
      await happen(app, workflows, runId, event);
      const row = await runRow(runId);
      const steps = await stepsOf(app.database.db, row);
      expect(row.status).toBe(statusInWords(row, steps));
      expect(hasEndedAsItSays(row)).toBe(true);
    }
    const row = await runRow(runId);
    const steps = await stepsOf(app.database.db, row);
    expect(await saidOfWorkflow(surfaces, runId)).toEqual(expectedOfWorkflow(row, steps));
  });
  await fc.assert(property, { numRuns: known.length + 15, examples: known.map((events) => [[...events]]) });
});

it('O4 F4 B7 the same of a file sync, whose agent reports, falls silent and comes back', async () => {
  const agent = await approvedAgent(app.archive);
  const turn = fc.record({
    good: fc.nat(2),
    bad: fc.nat(1),
    silentBefore: fc.boolean(),
    begunAgain: fc.boolean(),
    closing: fc.constantFrom(null, 'well', 'badly'),
  });
  const property = fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 4 }), async (turns) => {
    app.advance(1000);
    const correlationId = randomUUID();
    const { services } = app.archive;
    const body = { jobId: agent.jobId, correlationId, trigger: 'schedule' } as const;
    const { runId } = await begin(services, agent, body);
    let reported = 0;
    for (const { good, bad, silentBefore, begunAgain, closing } of turns) {
      app.advance(silentBefore ? 31 * 60_000 : 1000);
      await sweepOrphans(app.services, []);
      if (begunAgain) await begin(services, agent, body);
      const name = (): string => `2026-04-13/${String((reported += 1))}.geo`;
      const results = [
        ...Array.from({ length: good }, () => resultOf(name())),
        ...Array.from({ length: bad }, () => unarchived(name(), 'unreadable')),
      ];
      const error = closing === 'badly' ? 'the share did not answer' : null;
      const end = { closing: { expectedResults: reported, filesExamined: reported, error } };
      await complete(services, agent, runId, { correlationId, results, ...(closing === null ? {} : end) });
      const row = await runRow(runId);
      expect(row.status).toBe(statusInWords(row, await stepsOf(app.database.db, row)));
      expect(hasEndedAsItSays(row)).toBe(true);
    }
    const { status } = await runRow(runId);
    const isGood = status === 'complete' || status === 'partial' || status === 'running';
    expect(await saidOfFileSync(surfaces, { ...agent, runId })).toEqual({
      ...expectedOfRun(await runRow(runId)),
      fleetCard: status,
      runnerPage: status,
      sweeper: status,
      audit: [`${isGood ? 'pass' : 'fail'}: ${status} (${runId})`],
    });
  });
  await fc.assert(property, { numRuns: 12 });
});

async function begun(): Promise<string> {
  app.advance(1000);
  const { organizationId } = app.archive;
  const { runId } = await startRun(app.services, workflow, {
    organizationId,
    payload: {},
    triggeredBy: 'ada',
  });
  return runId;
}

/** SPEC O4 in other words than the product's: by the names of steps, and by when they started. */
function statusInWords(run: RunRow, steps: readonly StepRow[]): RunRow['status'] {
  if (['paused', 'stale', 'terminated'].includes(run.status)) return run.status;
  const isBad = ({ status }: StepRow): boolean => !['complete', 'not_implemented'].includes(status);
  const counted = steps.filter(
    ({ step, status }) => step !== 'init' && !step.startsWith('volume_check_') && status !== 'pending',
  );
  const tellsOfFailure = ({ step }: StepRow): boolean => step === 'chain_failed' || step === 'fatal';
  if (counted.some((step) => tellsOfFailure(step) && isBad(step))) return 'failed';
  if (run.ended_at === null) return 'running';
  const work = counted
    .filter((step) => !tellsOfFailure(step))
    .toSorted((a, b) => startOf(a) - startOf(b) || (a.seq ?? 0) - (b.seq ?? 0));
  const latest = work.at(-1);
  if (latest === undefined || isBad(latest)) return 'failed';
  return work.some(isBad) || run.doubt !== null || run.files_failed > 0 ? 'partial' : 'complete';
}

function startOf({ started_at: at }: StepRow): number {
  return at?.getTime() ?? 0;
}

/** A status that means an end has one, and the others have none; only a failed run may wait for its queue. */
function hasEndedAsItSays({ status, ended_at: endedAt }: RunRow): boolean {
  if (status === 'running' || status === 'paused') return endedAt === null;
  return status === 'failed' || endedAt !== null;
}

function expectedOfRun({ status, ended_at: endedAt }: RunRow) {
  return {
    card: status,
    cardFilters: [status],
    page: status,
    latestRuns: status,
    history: status,
    terminalTable: status,
    terminalJson: status,
    terminalExit: endedAt === null ? null : status === 'complete' ? 0 : 1,
  };
}

const inWorkflowsView: Readonly<Record<RunRow['status'], string>> = {
  running: 'running',
  paused: 'paused',
  complete: 'completed',
  partial: 'completed',
  failed: 'failed',
  stale: 'failed',
  terminated: 'failed',
};

const allowed: Readonly<Record<RunRow['status'], readonly string[]>> = {
  running: ['pause', 'terminate'],
  paused: ['resume', 'terminate'],
  complete: [],
  partial: ['retry'],
  failed: ['retry', 'terminate'],
  stale: ['retry', 'terminate'],
  terminated: [],
};

function expectedOfWorkflow(row: RunRow, steps: readonly StepRow[]) {
  const { status } = row;
  return {
    ...expectedOfRun(row),
    workflowCard: status,
    workflowPage: status,
    workflowPageFailure: status === 'failed' && row.ended_at !== null,
    workflowPageAllows: status === 'partial' && !steps.some(comesAgain) ? [] : allowed[status],
    terminalShow: status,
    workflowsView: inWorkflowsView[status],
    workflowsViewExact: status,
    cursorView: status,
    alert: expectedAlerts(row, steps),
    audit: `0 runs hang; ${status === 'stale' ? '1 were' : '0 were'} closed as stale lately.`,
  };
}

/** A run that is only in doubt has nothing to do again. */
function comesAgain({ status }: StepRow): boolean {
  return ['failed', 'timed_out', 'error'].includes(status);
}

/** People are told of what the page calls failed, stale or in doubt, and of nothing else. */
function expectedAlerts({ status, doubt }: RunRow, steps: readonly StepRow[]): string[] {
  if (status === 'failed') return ['tga_sync failed: stopped'];
  if (status === 'stale') return ['tga_sync failed: no sign of life'];
  if (status === 'partial' && doubt !== null) return ['tga_sync brought too little'];
  if (status !== 'running') return [];
  const given = steps.filter((step) => step.status === 'timed_out');
  return given.map(({ step }) => `tga_sync: step ${step} timed out`).toSorted();
}
