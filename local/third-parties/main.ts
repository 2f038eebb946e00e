import { parseArgs } from 'node:util';
import { startThirdParties } from './server.ts';
import type { ThirdParty } from './thirdParty.ts';

/** `node local/third-parties/main.ts --port N`: the simulated APIs of the demo; what they hold changes a little each minute. */
const { values } = parseArgs({ options: { port: { type: 'string' } } });
const server = await startThirdParties({ port: Number(values.port ?? 0) });

let turn = 0;
setInterval(() => {
  for (const party of Object.values<ThirdParty>(server.parties)) party.evolve?.(turn);
  turn += 1;
}, 60_000).unref();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
console.log(`ready http://127.0.0.1:${String(server.port)}`);
