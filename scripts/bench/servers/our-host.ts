import { readFile } from 'node:fs/promises';
import { startFunctionsHost } from '../../../local/functions-host/index.ts';

/** The project's own Functions host around the same function. */
const host = await startFunctionsHost({
  loadApp: () => import('./function.ts'),
  port: 0,
  hostJson: JSON.parse(await readFile(new URL('../../../host.json', import.meta.url), 'utf8')),
  log: () => undefined,
});
process.stdout.write(`ready ${host.url}\n`);
