import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../building/bundle.ts';
import { packApp } from '../building/packApp.ts';
import { median, print, printComparison, printFigure } from './report.ts';

const ROUNDS = 7;
const root = join(import.meta.dirname, '../..');
const telemetry = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=7d2a3b54-90f4-4f1c-8d58-0d8f2f5a9b11',
};

interface Start {
  readonly loadMs: number;
  /** Processor time of the load, which other work on the machine hardly lengthens. */
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly readyMs: number;
  readonly readyMb: number;
}

/** P9: the app as it is deployed, loaded as the worker loads it, beside an app of one function by the same library and bundler. */
export async function benchColdStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  try {
    const [ours, bare] = [join(folder, 'ours'), join(folder, 'bare')];
    await mkdir(join(folder, 'dashboard'));
    await packApp({ root, dashboard: join(folder, 'dashboard'), to: ours });
    await bundle({ entry: join(import.meta.dirname, 'servers/function.ts'), to: join(bare, 'app.mjs') });
    for (const app of [ours, bare]) await supplyCore(app);
    const starts: Record<'ours' | 'bare' | 'watched', Start[]> = { ours: [], bare: [], watched: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const all = { ours: start(ours), bare: start(bare), watched: start(ours, telemetry) };
      if (round === 0) continue; // fills the cache of the disk
      for (const name of ['ours', 'bare', 'watched'] as const) starts[name].push(all[name]);
    }
    report(starts);
    print(`    bundle ${await sizes(ours)}; bare ${await sizes(bare)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(starts: Readonly<Record<'ours' | 'bare' | 'watched', readonly Start[]>>): void {
  const of = (name: keyof typeof starts, figure: keyof Start): number =>
    median(starts[name].map((one) => one[figure]));
  printFigure({
    id: 'P9',
    what: 'load of the deployed app',
    value: of('ours', 'loadMs'),
    unit: 'ms',
    atMost: 400,
  });
  printFigure({
    id: 'P9',
    what: 'memory once loaded',
    value: of('ours', 'memoryMb'),
    unit: 'MB',
    atMost: 120,
  });
  const peer = { id: 'P9', peerName: 'bare @azure/functions app' };
  printComparison({
    ...peer,
    what: 'load',
    ours: of('ours', 'loadMs'),
    peer: of('bare', 'loadMs'),
    unit: 'ms',
  });
  printComparison({
    ...peer,
    what: 'processor time of the load',
    ours: of('ours', 'cpuMs'),
    peer: of('bare', 'cpuMs'),
    unit: 'ms',
  });
  printComparison({
    ...peer,
    what: 'memory',
    ours: of('ours', 'memoryMb'),
    peer: of('bare', 'memoryMb'),
    unit: 'MB',
  });
  const more = of('watched', 'readyMs') - of('ours', 'readyMs');
  print(
    `    telemetry, begun after the load: ${more.toFixed(0)} ms and ${(of('watched', 'readyMb') - of('ours', 'readyMb')).toFixed(0)} MB more`,
  );
}

function start(folder: string, environment: Readonly<Record<string, string>> = {}): Start {
  const script = join(import.meta.dirname, 'servers/load-app.ts');
  // Without the cache of compiled code: a machine that starts has none.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', NODE_ENV: 'local', ...environment };
  return JSON.parse(execFileSync(process.execPath, [script, folder], { env, encoding: 'utf8' })) as Start;
}

/** The part of the worker that it hands to the app. */
async function supplyCore(app: string): Promise<void> {
  const folder = join(app, 'node_modules/@azure/functions-core');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"main":"index.js"}');
  await writeFile(
    join(folder, 'index.js'),
    `const hooks = [];
module.exports = {
  version: '4', hostVersion: '4', setProgrammingModel() {}, log() {}, registerFunction() { return { dispose() {} }; },
  registerHook(name, hook) { if (name === 'appStart') hooks.push(hook); return { dispose() {} }; },
  start() { for (const hook of hooks) hook({ hookData: {}, appHookData: {} }); },
};`,
  );
}

async function sizes(app: string): Promise<string> {
  const modules = (await readdir(app)).filter((file) => file.endsWith('.mjs'));
  const bytes = await Promise.all(modules.map(async (file) => (await stat(join(app, file))).size));
  const first = (await stat(join(app, 'app.mjs'))).size;
  const total = bytes.reduce((sum, size) => sum + size, 0);
  return `${(first / 1e3).toFixed(0)} kB in app.mjs, ${(total / 1e6).toFixed(2)} MB in ${String(modules.length)} modules`;
}
