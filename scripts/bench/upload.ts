import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ShareSASPermissions, ShareServiceClient } from '@azure/storage-file-share';
import { startChildProcess } from '../../local/processes/child.ts';
import { buildAgent, timeAgentCycle } from './agent-process.ts';
import { startBenchControlPlane } from './control-plane.ts';
import { median, printComparison, printFigure, printSpread } from './report.ts';
import { measureInTurns } from './turns.ts';

const CONCURRENCY = 12;

interface Shape {
  readonly what: string;
  readonly files: number;
  readonly sizeBytes: number;
  readonly rounds: number;
}

const shapes: readonly Shape[] = [
  { what: '3,000 files of 20 KB', files: 3000, sizeBytes: 20 * 1024, rounds: 6 },
  { what: '6 files of 64 MB', files: 6, sizeBytes: 64 * 1024 * 1024, rounds: 10 },
];

/**
 * P3: what the agent archives in a second, from begin to the end of the run (scan, comparison, hashing, MD5 of every
 * range, whole mark, journal), beside the bare SDK's `uploadData` of the same files at the same concurrency in a
 * process of its own, on the same file server.
 */
export async function benchUpload(): Promise<void> {
  await buildAgent();
  const work = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  const server = await startFileServer(path.join(work, 'files'));
  try {
    for (const shape of shapes) await benchShape(work, server.connectionString, shape);
  } finally {
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function benchShape(work: string, connectionString: string, shape: Shape): Promise<void> {
  const source = path.join(work, `source-${String(shape.sizeBytes)}`);
  makeFiles(source, shape);
  let peakMiB = 0;
  let turn = 0;
  const rateOf = (ms: number) => (shape.files * shape.sizeBytes) / 1_048_576 / (ms / 1000);
  const { ours, peer } = await measureInTurns(shape.rounds, {
    ours: async () => {
      const name = `agent-${String((turn += 1))}-${String(shape.sizeBytes)}`;
      const agent = await archiveByAgent(work, connectionString, { source, name });
      peakMiB = Math.max(peakMiB, agent.peakMiB);
      return rateOf(agent.runMs);
    },
    peer: async () => {
      const name = `sdk-${String((turn += 1))}-${String(shape.sizeBytes)}`;
      return rateOf(await uploadBySdk(connectionString, { source, name }));
    },
  });
  const sides = { id: 'P3', what: shape.what, peerName: 'bare SDK', unit: 'MiB/s' };
  printComparison({ ...sides, ours: median(ours), peer: median(peer), target: { atLeast: 0.9 } });
  printSpread({ ...sides, ours, peer });
  printFigure({ id: 'P1', what: `agent memory, ${shape.what}`, value: peakMiB, unit: 'MiB', atMost: 150 });
}

async function archiveByAgent(
  work: string,
  connectionString: string,
  run: { source: string; name: string },
): Promise<{ runMs: number; peakMiB: number }> {
  const share = ShareServiceClient.fromConnectionString(connectionString).getShareClient(run.name);
  await share.create();
  const state = path.join(work, `state-${run.name}`);
  const expiresOn = new Date(Date.now() + 3_600_000);
  const signed = new URL(share.generateSasUrl({ permissions: ShareSASPermissions.parse('rcwl'), expiresOn }));
  const plane = await startBenchControlPlane({
    sourcePath: run.source,
    shareName: run.name,
    shareUrl: share.url,
    sas: signed.search.slice(1),
  });
  try {
    const flags = ['--concurrency', String(CONCURRENCY)];
    const { peakMiB } = await timeAgentCycle(plane.url, state, flags);
    return { runMs: plane.lastRunMs(), peakMiB };
  } finally {
    plane.close();
    rmSync(state, { recursive: true, force: true });
    await share.delete();
  }
}

/** The peer runs in a process of its own, and counts from its first request to its last answer. */
async function uploadBySdk(connectionString: string, run: { source: string; name: string }): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const errors: string[] = [];
  const child = await startChildProcess({
    name: 'sdk-upload',
    entry: path.join(import.meta.dirname, 'servers/sdk-upload.ts'),
    env: { ...process.env, BENCH_CONNECTION_STRING: connectionString },
    args: [run.source, run.name, String(CONCURRENCY)],
    log: () => undefined,
    onLine: (line) => {
      if (line.startsWith('took ')) resolve(Number(line.slice('took '.length)));
      else errors.push(line);
    },
  });
  const ended = child.exited.then(({ code }) => {
    throw new Error(`the bare SDK's upload ended with ${String(code)}: ${errors.join('\n')}`);
  });
  ended.catch(() => undefined);
  const ms = await Promise.race([promise, ended]);
  await child.exited;
  await ShareServiceClient.fromConnectionString(connectionString).getShareClient(run.name).delete();
  return ms;
}

/** The project's file server in a process of its own; a deleted share is gone at once. */
export async function startFileServer(
  dataDir: string,
): Promise<{ connectionString: string; stop(): Promise<void> }> {
  const key = randomBytes(64).toString('base64');
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = await startChildProcess({
    name: 'azure-files',
    entry: path.resolve(import.meta.dirname, '../../local/azure-files/main.ts'),
    args: ['--port', '0', '--data', dataDir, '--account', 'bench', '--soft-delete-days', '0'],
    env: { ...process.env, AZURE_FILES_KEY: key },
    log: () => undefined,
    onLine: (line) => {
      const endpoint = /FileEndpoint=([^;]+)/.exec(line)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    },
  });
  const endpoint = await promise;
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=bench;AccountKey=${key};FileEndpoint=${endpoint};`,
    stop: async () => {
      await child.stop();
    },
  };
}

/** Files of random bytes, an hour old. */
export function makeFiles(folder: string, shape: Pick<Shape, 'files' | 'sizeBytes'>): void {
  mkdirSync(folder, { recursive: true });
  const old = new Date(Date.now() - 3_600_000);
  for (let index = 0; index < shape.files; index += 1) {
    const file = path.join(folder, `ARGO1_${String(index).padStart(5, '0')}.geo`);
    writeFileSync(file, randomBytes(shape.sizeBytes));
    utimesSync(file, old, old);
    readFileSync(file); // in the file cache for both sides
  }
}
