import { type BenchServer, requestsPerSecond, startServer } from './load.ts';
import { median, print, printComparison } from './report.ts';

const ROUNDS = 3;
const SECONDS = 3;

/** P6: our Functions host beside a minimal one around the same library, and both beside bare `node:http`. */
export async function benchHost(): Promise<void> {
  const names = ['bare', 'minimal-host', 'our-host'] as const;
  const servers: BenchServer[] = [];
  const rates = new Map<string, number[]>(names.map((name) => [name, []]));
  try {
    for (const name of names) servers.push(await startServer(name));
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, name] of names.entries()) {
        const url = `${servers[index]?.url ?? ''}/api/ping/argo`;
        const rate = await requestsPerSecond({
          url,
          requests: [{ body: { n: 1 } }],
          seconds: round === 0 ? 1 : SECONDS,
        });
        if (round > 0) rates.get(name)?.push(rate); // round 0 warms up
      }
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  const [bare, minimal, ours] = names.map((name) => median(rates.get(name) ?? []));
  if (bare === undefined || minimal === undefined || ours === undefined)
    throw new Error('a server was not measured');
  printComparison({
    id: 'P6',
    what: 'Functions host',
    ours,
    peer: minimal,
    peerName: 'minimal host',
    unit: 'requests/s',
    target: { atLeast: 0.85 },
  });
  print(
    `    bare node:http ${bare.toFixed(0)} requests/s; the library itself keeps ${((100 * minimal) / bare).toFixed(0)} % of it`,
  );
}
