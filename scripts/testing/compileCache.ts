import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runProcess } from './runProcess.ts';

/** Where every Node that a test starts keeps what it compiled: to load an agent or a host then takes half as long. */
export const compileCache = process.env['NODE_COMPILE_CACHE'] ?? join(root, 'node_modules/.cache/node');

/** What tests start hundreds of times, and often kill before it has kept anything. */
const startedOften = ['agent/agent.ts', 'functions/app.ts', 'local/azure-files/server.ts'];

/** Loads the programs that are started often, once and to a good end. What does not load is for the tests to tell. */
export async function fillCompileCache({ signal }: { signal: AbortSignal }): Promise<void> {
  const urls = startedOften.map((path) => pathToFileURL(join(root, path)).href);
  const script = `await Promise.all(${JSON.stringify(urls)}.map((url) => import(url))); process.exit();`;
  const args = ['--input-type=module', '--eval', script];
  await runProcess('node', args, {
    output: 'kept',
    limitMs: 60_000,
    signal,
    env: { NODE_COMPILE_CACHE: compileCache },
  });
}
