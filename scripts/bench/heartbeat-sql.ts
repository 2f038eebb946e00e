import { seedAgents } from './fleet.ts';
import { heartbeatOf } from './heartbeats.ts';
import { requestsPerSecond, startServer } from './load.ts';
import { startBenchPlatform } from './platform.ts';
import { median, printComparison } from './report.ts';

const AGENTS = 1000;
const ROUNDS = 3;
const SECONDS = 5;

/**
 * P6, second half: heartbeats a second of the whole platform (host, edge, authentication, validation, rules) beside
 * `node:http` and `pg` with the same statements, on the same database and the same rows.
 */
export async function benchHeartbeatSql(): Promise<void> {
  const platform = await startBenchPlatform();
  const bare = await startServer('bare-heartbeat', { BENCH_DATABASE_URL: platform.databaseUrl });
  try {
    const agents = await seedAgents(platform.databaseUrl, AGENTS);
    const requests = agents.map((agent) => ({
      headers: { authorization: `Bearer ${agent.key}` },
      body: heartbeatOf(agent),
    }));
    const rates = { ours: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const seconds = round === 0 ? 2 : SECONDS;
      const path = '/api/agents/heartbeat';
      const ours = await requestsPerSecond({ url: `${platform.url}${path}`, requests, seconds });
      const peer = await requestsPerSecond({ url: `${bare.url}${path}`, requests, seconds });
      if (round === 0) continue; // warms up
      rates.ours.push(ours);
      rates.bare.push(peer);
    }
    printComparison({
      id: 'P6',
      what: 'heartbeats with their SQL',
      ours: median(rates.ours),
      peer: median(rates.bare),
      peerName: 'bare node:http and pg',
      unit: 'requests/s',
      target: { atLeast: 0.6 },
    });
  } finally {
    await bare.stop();
    await platform.stop();
  }
}
