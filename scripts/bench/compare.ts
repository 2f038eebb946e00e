import { createHash, randomBytes } from 'node:crypto';
import { httpFetch } from '../../agent/server/httpFetch.ts';
import { createClient } from '../../shared/client/index.ts';
import {
  beginRun,
  compareRun,
  completeRun,
  enrolAgent,
  type FileResult,
  type ManifestFile,
} from '../../shared/contract/agents.ts';
import { runner } from '../../shared/contract/fleet.ts';
import { approveAgent } from '../../shared/contract/pendingAgents.ts';
import { agentKeyHash } from '../../shared/domain/agentKey.ts';
import { minimalAnswer } from '../../shared/domain/preference.ts';
import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import { type BenchPlatform, startBenchPlatform } from './platform.ts';
import { median, printFigure } from './report.ts';

const FILES = 20_000;
const FOLDER = '2026-11-22';
const RESULTS_A_CHUNK = 1000;
/** After the very first: what an agent meets that is among the first to compare since the host was started. */
const YOUNG_ROUNDS = 5;
/** Node compiles as it goes, and is done after some twenty. */
const WARM_UP_ROUNDS = 20;
const WARM_ROUNDS = 21;

/**
 * P2: a manifest of 20,000 files compared by the real control plane on PostgreSQL, request and answer included, as agents
 * send it (through their own `fetch`, with the folder's digest): by a host that has just been started, and by one that has
 * compared before.
 */
export async function benchCompare(): Promise<void> {
  const platform = await startBenchPlatform();
  try {
    const { agent, jobId } = await enrolled(platform);
    const files = Array.from({ length: FILES }, (_, index) => ({
      path: `${FOLDER}/ARGO1_20261122_${String(index).padStart(6, '0')}.geo`,
      sizeBytes: 300_000 + index,
      mtimeMs: 1_795_000_000_000 + index,
    }));
    const digest = folderDigest(files.map((file) => ({ ...file, keyHex: pathKeyHex(file.path) })));
    const begun = async () => {
      const correlationId = crypto.randomUUID();
      const { runId } = await agent.call(beginRun, { body: { jobId, correlationId, trigger: 'schedule' } });
      return { correlationId, runId };
    };
    const compare = async (isHeld: boolean) => {
      const { correlationId, runId } = await begun();
      const body = { correlationId, folders: [{ folder: FOLDER, digest, files }] };
      const startedAt = performance.now();
      const answer = await agent.call(compareRun, { params: { runId }, body });
      const tookMs = performance.now() - startedAt;
      const isAsRight = answer.needed.length === 0 && answer.neededFolders?.includes(FOLDER) === !isHeld;
      if (!isAsRight) throw new Error(`compare answered ${JSON.stringify(answer).slice(0, 200)}`);
      return tookMs;
    };
    const unknown = () => compare(false);
    await unknown();
    printCompared('by a young host', await inTurn(YOUNG_ROUNDS, unknown));
    await inTurn(WARM_UP_ROUNDS, unknown);
    printCompared('by a warm host', await inTurn(WARM_ROUNDS, unknown));
    const run = await begun();
    for (let start = 0; start < FILES; start += RESULTS_A_CHUNK) {
      const results = files.slice(start, start + RESULTS_A_CHUNK).map(archived);
      await agent.call(completeRun, {
        params: { runId: run.runId },
        body: { correlationId: run.correlationId, results },
      });
    }
    const held = () => compare(true);
    printCompared('by a warm host whose index holds all of it', await inTurn(WARM_ROUNDS, held));
  } finally {
    await platform.stop();
  }
}

function archived({ path, sizeBytes, mtimeMs }: ManifestFile): FileResult {
  return {
    path,
    outcome: 'archived',
    sizeBytes,
    mtimeMs,
    sha256: createHash('sha256').update(path).digest('hex'),
    archivedPath: path,
    etag: '"0x1"',
    shareModifiedAt: '2026-11-22T00:00:00.000Z',
    bytesSent: sizeBytes,
    attempts: 1,
    error: null,
  };
}

async function inTurn(rounds: number, compare: () => Promise<number>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) tookMs.push(await compare());
  return tookMs;
}

function printCompared(how: string, tookMs: readonly number[]): void {
  printFigure({
    id: 'P2',
    what: `20,000-file manifest answered ${how} (PostgreSQL, median of ${String(tookMs.length)})`,
    value: median(tookMs),
    unit: 'ms',
    atMost: 150,
  });
}

async function enrolled(platform: BenchPlatform) {
  const key = randomBytes(32).toString('base64url');
  const fetch = httpFetch();
  const clientWith = (token: string) =>
    createClient({
      baseUrl: platform.url,
      headers: () => ({ authorization: `Bearer ${token}`, ...minimalAnswer }),
      fetch,
    });
  const operator = clientWith(platform.credentials.operator.token);
  const agent = clientWith(key);
  const { enrolmentId } = await agent.call(enrolAgent, {
    body: {
      keyHash: agentKeyHash(key),
      pairingCode: 'BNCH-0001',
      hostName: 'BENCH',
      platform: 'bench',
      timeZone: 'UTC',
      agentVersion: '0.1.0',
      jobs: [
        {
          name: 'job',
          kind: 'tree',
          sourcePath: '/bench',
          sharePath: '',
          scheduleSeconds: 300,
          include: [],
          exclude: [],
          sourceCap: null,
        },
      ],
    },
  });
  const { runnerId } = await operator.call(approveAgent, { params: { enrolmentId }, body: {} });
  const view = await operator.call(runner, { params: { runnerId } });
  const jobId = view.runner.jobs[0]?.jobId;
  if (jobId === undefined) throw new Error('the approved agent has no job');
  return { agent, jobId };
}
