import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createServices } from '../../../functions/platform/createServices.ts';
import { migrate } from '../../../functions/platform/database/index.ts';
import { createLogger } from '../../../functions/platform/logging/jsonLogger.ts';
import type { SliceMessage } from '../../../functions/platform/queues/sliceQueue.ts';
import type { Services } from '../../../functions/platform/services.ts';
import { readSettings } from '../../../functions/platform/settings.ts';
import type { Workflow } from '../../../functions/workflows/durable/workflow.ts';
import { workflowSlices, workOnSlice } from '../../../functions/workflows/index.ts';
import { startRun } from '../../../functions/workflows/startRun.ts';

/** Does nothing in as many activities as its payload says: all that it costs is what the engine writes down. */
const empty: Workflow<{ readonly steps: number }> = {
  name: 'Empty',
  summary: 'Does nothing, durably.',
  payload: z.object({ steps: z.int() }),
  exclusive: false,
  expectedMinutes: 60,
  needs: [],
  run: async ({ activity }, { steps }) => {
    for (let step = 0; step < steps; step += 1) await activity(`step-${String(step)}`, async () => step);
    return null;
  },
};
const workflow = empty as Workflow;
export const slices = workflowSlices([workflow]);

export interface Engine {
  /** Milliseconds of one run of so many empty steps, its beginning and end included. */
  stepsMs(steps: number): Promise<number>;
  /** Runs of one empty step, from the first start to the last end, so many at once. */
  runsPerSecond(runs: number, atOnce: number): Promise<number>;
  close(): Promise<void>;
}

/** Messages go from hand to hand in this process: what is measured is the engine and the database. */
export async function openEngine(databaseUrl: string, storage: string): Promise<Engine> {
  const waiting: SliceMessage[] = [];
  const made = await openServices(databaseUrl, storage);
  const send = async (message: SliceMessage): Promise<void> => void waiting.push(message);
  const services: Services = { ...made.services, slices: { ...made.services.slices, send } };
  const workOnAll = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await workOnSlice(slices, next, services);
  };
  return {
    stepsMs: async (steps) => {
      await start(services, steps);
      const startedAt = performance.now();
      await workOnAll();
      return performance.now() - startedAt;
    },
    runsPerSecond: (runs, atOnce) => runsPerSecond(services, { runs, atOnce, afterStart: workOnAll }),
    close: made.close,
  };
}

/** The services of the app on a migrated database with one organization. */
export async function openServices(databaseUrl: string, storage: string) {
  const secret = 'x'.repeat(64);
  const settings = readSettings({
    DATABASE_URL: databaseUrl,
    FILES_CONNECTION_STRING: 'FileEndpoint=http://127.0.0.1:9/a;AccountName=a;AccountKey=c2VjcmV0LWtleQ==',
    AzureWebJobsStorage: storage,
    NODE_ENV: 'test',
    AUTH_SECRET: secret,
    DATASYNC_CI_UPLOAD_SECRET: secret,
  });
  // What the engine logs is made and thrown away, as its reader is another process.
  const log = createLogger({ level: 'info', write: () => undefined, now: () => new Date() });
  const made = await createServices({ settings, log, now: () => new Date() });
  await migrate(made.services.database);
  await made.services.slices.ping();
  const organization = { id: 'bench', name: 'Bench', created_at: new Date() };
  await made.services.database.db.insertInto('organizations').values(organization).execute();
  return made;
}

/** Starts runs of one step and waits for the last of them to end; `afterStart` may work on what was sent. */
export async function runsPerSecond(
  services: Services,
  load: { readonly runs: number; readonly atOnce: number; readonly afterStart: () => Promise<void> },
): Promise<number> {
  const { runs, atOnce, afterStart } = load;
  const before = await countEnded(services);
  const startedAt = performance.now();
  let left = runs;
  const startOnes = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await start(services, 1);
      await afterStart();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, startOnes));
  while ((await countEnded(services)) < before + runs) await sleep(20);
  return (1000 * runs) / (performance.now() - startedAt);
}

async function start(services: Services, steps: number): Promise<void> {
  const request = { organizationId: 'bench', payload: { steps }, triggeredBy: 'bench' };
  await startRun(services, workflow, request);
}

async function countEnded({ database }: Services): Promise<number> {
  const { count } = await database.db
    .selectFrom('sync_runs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('ended_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return count;
}
