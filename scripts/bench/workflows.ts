import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startAzurite } from '../../local/azurite/index.ts';
import { startEmbeddedPostgres } from '../../local/database/embedded.ts';
import { median, printComparison, printFigure } from './report.ts';

const ROUNDS = 5;
/** A host runs for weeks: what is measured is code that V8 has compiled, of all alike. */
const WARM_UPS = 3;
const STEPS = 200;
const LONG = 5 * STEPS;
const RUNS = 300;
const AT_ONCE = 8;
const CONNECTIONS = 20;

/** A name, and how it is measured once. */
type Measured<Name extends string> = Readonly<Record<Name, () => Promise<number>>>;
type Figures<Name extends string> = Readonly<Record<Name, number>>;

/**
 * What a durable step costs over its work, and how many workflows of one step the engine runs a second, beside DBOS
 * (durable steps) and graphile-worker (jobs) on the same PostgreSQL, with as many connections, taking turns.
 */
export async function benchWorkflows(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(dataDir, 'postgres') });
  const azurite = await startAzurite({ dataDir: path.join(dataDir, 'azurite'), log: () => undefined });
  const { connectionString } = azurite;
  try {
    await besidePeers(postgres.url, connectionString);
    await throughHost(await newDatabase(postgres.url, 'hosted'), connectionString);
  } finally {
    await azurite.close();
    await postgres.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function besidePeers(adminUrl: string, storage: string): Promise<void> {
  // Loaded here: they are heavy, and other benches measure without them.
  const { openEngine } = await import('./durable/engine.ts');
  const { openDbos } = await import('./durable/dbos.ts');
  const { openGraphileWorker } = await import('./durable/graphileWorker.ts');
  const engine = await openEngine(await newDatabase(adminUrl, 'own'), storage);
  const dbos = await openDbos(await newDatabase(adminUrl, 'dbos'), CONNECTIONS);
  const worker = await openGraphileWorker(await newDatabase(adminUrl, 'worker'), CONNECTIONS);
  printSteps(
    await mediansOf({
      engine: async () => (await engine.stepsMs(STEPS)) / STEPS,
      long: async () => (await engine.stepsMs(LONG)) / LONG,
      dbos: async () => (await dbos.stepsMs(STEPS)) / STEPS,
    }),
  );
  printRates(
    await mediansOf({
      engine: () => engine.runsPerSecond(RUNS, AT_ONCE),
      dbos: () => dbos.runsPerSecond(RUNS, AT_ONCE),
      worker: () => worker.jobsPerSecond(RUNS, AT_ONCE),
    }),
  );
  await Promise.all([engine.close(), dbos.close(), worker.close()]);
}

async function throughHost(databaseUrl: string, storage: string): Promise<void> {
  const { openHostedEngine } = await import('./durable/hosted.ts');
  const host = await openHostedEngine(databaseUrl, storage);
  const { rate } = await mediansOf({ rate: () => host.runsPerSecond(RUNS, AT_ONCE) });
  await host.close();
  const what = 'workflows of one step through host and queue';
  printFigure({ id: 'W1', what, value: rate, unit: '/s', atLeast: 50 });
}

/** Measures each in turn, WARM_UPS times to warm up and then ROUNDS times. */
async function mediansOf<Name extends string>(measured: Measured<Name>): Promise<Figures<Name>> {
  const names = Object.keys(measured) as Name[];
  const seen = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < WARM_UPS + ROUNDS; round += 1) {
    for (const name of names) {
      const figure = await measured[name]();
      if (round >= WARM_UPS) seen.get(name)?.push(figure);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(seen.get(name) ?? [])])) as Figures<Name>;
}

function printSteps({ engine, long, dbos }: Figures<'engine' | 'long' | 'dbos'>): void {
  const step = { id: 'W1', unit: 'ms', atMost: 2 };
  printFigure({ ...step, what: `bookkeeping of a step, run of ${String(STEPS)}`, value: engine });
  printFigure({ ...step, what: `bookkeeping of a step, run of ${String(LONG)}`, value: long });
  printComparison({
    id: 'W1',
    what: 'a durable step',
    unit: 'ms',
    ours: engine,
    peer: dbos,
    peerName: 'DBOS',
  });
}

function printRates({ engine, dbos, worker }: Figures<'engine' | 'dbos' | 'worker'>): void {
  const rate = { id: 'W1', what: 'workflows of one step', unit: '/s', ours: engine };
  printComparison({ ...rate, peer: dbos, peerName: 'DBOS' });
  printComparison({ ...rate, peer: worker, peerName: 'graphile-worker jobs' });
}

/** Gives its address. */
async function newDatabase(adminUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
