import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchAgent, NONCE, seedAgents } from './fleet.ts';
import { startBenchPlatform } from './platform.ts';
import { percentile, print, printFigure } from './report.ts';

const AGENTS = 10_000;
const INTERVAL_MS = 60_000;
/** The first turn of every agent warms the host and the database up. */
const TURNS = 3;
const SYNCING_SHARE = 0.1;
const SAMPLE_EVERY_MS = 1_000;

/**
 * P4: ten thousand agents that each send a heartbeat a minute, spread evenly, to the whole platform on PostgreSQL. The
 * load is open: an agent sends when its time has come, whether others were answered or not, and its latency counts from
 * then. Load, host and database share the machine.
 */
export async function benchHeartbeats(): Promise<void> {
  const platform = await startBenchPlatform();
  try {
    const agents = await seedAgents(platform.databaseUrl, AGENTS);
    const memory = sampleMemory(() => platform.pidOf('host'));
    const sent = await sendTurns(platform.url, agents);
    memory.stop();
    const took = sent.latenciesMs;
    printFigure({
      id: 'P4',
      what: `heartbeat p99, ${String(AGENTS)} agents`,
      value: percentile(took, 99),
      unit: 'ms',
      atMost: 250,
    });
    printFigure({
      id: 'P4',
      what: `of ${String(took.length)} heartbeats, not answered 200`,
      value: sent.failed,
      unit: '',
      atMost: 0,
    });
    printFigure({
      id: 'P4',
      what: 'host memory, last minute over the one before',
      value: memory.growth(),
      unit: '',
      atMost: 1.1,
    });
    print(
      `    p50 ${percentile(took, 50).toFixed(1)} ms, p90 ${percentile(took, 90).toFixed(1)} ms, max ${Math.max(...took).toFixed(0)} ms; host ${memory.lastMiB().toFixed(0)} MiB`,
    );
  } finally {
    await platform.stop();
  }
}

interface Sent {
  readonly latenciesMs: readonly number[];
  readonly failed: number;
}

async function sendTurns(url: string, agents: readonly BenchAgent[]): Promise<Sent> {
  const http = new Agent({ keepAlive: true, maxSockets: 512 });
  const latenciesMs: number[] = [];
  const under = new Set<Promise<void>>();
  let failed = 0;
  const startedAt = performance.now();
  for (let number = 0; number < agents.length * TURNS; number += 1) {
    const agent = agents[number % agents.length];
    if (agent === undefined) break;
    const dueAt = startedAt + (number * INTERVAL_MS) / agents.length;
    const waitMs = dueAt - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const isCounted = number >= agents.length;
    const one = beat(http, url, agent).then((status) => {
      if (isCounted) latenciesMs.push(performance.now() - dueAt);
      if (status !== 200) failed += 1;
      under.delete(one);
    });
    under.add(one);
  }
  await Promise.all(under);
  http.destroy();
  return { latenciesMs, failed };
}

/** Resolves with the status, 0 when there was no answer. */
async function beat(http: Agent, url: string, agent: BenchAgent): Promise<number> {
  const body = JSON.stringify(heartbeatOf(agent));
  return await new Promise((resolve) => {
    const sending = request(
      `${url}/api/agents/heartbeat`,
      {
        agent: http,
        method: 'POST',
        headers: {
          authorization: `Bearer ${agent.key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.resume().once('end', () => {
          resolve(answer.statusCode ?? 0);
        });
      },
    );
    sending.once('error', () => {
      resolve(0);
    });
    sending.end(body);
  });
}

/** What an agent says that has nothing new; a tenth of them is syncing. */
export function heartbeatOf({ jobId }: BenchAgent) {
  const isSyncing = Number(jobId.slice('job-'.length)) % (1 / SYNCING_SHARE) === 0;
  return {
    instanceNonce: NONCE,
    agentVersion: '0.1.0',
    hostName: 'BENCH',
    platform: 'win32 x64',
    timeZone: 'UTC',
    status: isSyncing ? 'syncing' : 'idle',
    active_jobs: isSyncing ? [jobId] : [],
    azureFilesStatus: 'ok',
    clock: new Date().toISOString(),
    credentialExpiresAt: '2099-01-01T00:00:00.000Z',
    acknowledgedCommandIds: [],
    jobs: [
      {
        jobId,
        configVersion: 1,
        sourceCount: 9_000,
        sourceBytes: 4_000_000_000,
        sourceCap: 10_000,
        backlogCount: 3,
        backlogBytes: 1_000_000,
        oldestUnsyncedMs: Date.now() - 60_000,
        purgeAhead: 8_000,
        producedLastHour: 40,
        producedLastDay: 900,
        producedPeakHour: 80,
        uploadBytesPerSecond: 5_000_000,
        uploadFilesPerHour: 4_000,
      },
    ],
    inFlight: [],
  };
}

function sampleMemory(pid: () => number) {
  const samples: { readonly atMs: number; readonly mib: number }[] = [];
  const timer = setInterval(() => {
    samples.push({ atMs: performance.now(), mib: residentMiB(pid()) });
  }, SAMPLE_EVERY_MS);
  const mean = (fromMs: number, toMs: number): number => {
    const some = samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    return some.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, some.length);
  };
  return {
    stop: () => {
      clearInterval(timer);
    },
    lastMiB: () => samples.at(-1)?.mib ?? Number.NaN,
    growth: () => {
      const endMs = (samples.at(-1)?.atMs ?? 0) + 1;
      return mean(endMs - INTERVAL_MS, endMs) / mean(endMs - 2 * INTERVAL_MS, endMs - INTERVAL_MS);
    },
  };
}

/** NaN where there is no /proc. */
function residentMiB(pid: number): number {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return match === null ? Number.NaN : Number(match[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
