import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ShareSASPermissions, ShareServiceClient } from '@azure/storage-file-share';
import { startChildProcess } from '../../local/processes/child.ts';
import { buildAgent, timeAgentCycle } from './agent-process.ts';
import { startBenchControlPlane } from './control-plane.ts';
import { median, printComparison, printFigure } from './report.ts';

const CONCURRENCY = 12;
const ROUNDS = 3;

interface Shape {
  readonly what: string;
  readonly files: number;
  readonly sizeBytes: number;
}

const shapes: readonly Shape[] = [
  { what: '3,000 files of 20 KB', files: 3000, sizeBytes: 20 * 1024 },
  { what: '6 files of 64 MB', files: 6, sizeBytes: 64 * 1024 * 1024 },
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
  const ours: number[] = [];
  const peer: number[] = [];
  let peakMiB = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const name = `r${String(round)}-${String(shape.sizeBytes)}`;
    const agent = await archiveByAgent(work, connectionString, { source, name });
    peakMiB = Math.max(peakMiB, agent.peakMiB);
    const sdkMs = await uploadBySdk(connectionString, { source, name: `sdk-${name}` });
    if (round === 0) continue; // warms the file cache
    ours.push((shape.files * shape.sizeBytes) / 1_048_576 / (agent.runMs / 1000));
    peer.push((shape.files * shape.sizeBytes) / 1_048_576 / (sdkMs / 1000));
  }
  printComparison({
    id: 'P3',
    what: shape.what,
    ours: median(ours),
    peer: median(peer),
    peerName: 'bare SDK',
    unit: 'MiB/s',
    target: { atLeast: 0.9 },
  });
  printFigure({ id: 'P1', what: `agent memory, ${shape.what}`, value: peakMiB, unit: 'MiB', atMost: 150 });
}

async function archiveByAgent(
  work: string,
  connectionString: string,
  run: { source: string; name: string },
): Promise<{ runMs: number; peakMiB: number }> {
  const share = ShareServiceClient.fromConnectionString(connectionString).getShareClient(`agent-${run.name}`);
  await share.create();
  const expiresOn = new Date(Date.now() + 3_600_000);
  const signed = new URL(share.generateSasUrl({ permissions: ShareSASPermissions.parse('rcwl'), expiresOn }));
  const plane = await startBenchControlPlane({
    sourcePath: run.source,
    shareName: `agent-${run.name}`,
    shareUrl: share.url,
    sas: signed.search.slice(1),
  });
  try {
    const flags = ['--concurrency', String(CONCURRENCY)];
    const { peakMiB } = await timeAgentCycle(plane.url, path.join(work, `state-${run.name}`), flags);
    return { runMs: plane.lastRunMs(), peakMiB };
  } finally {
    plane.close();
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
  return await Promise.race([promise, ended]);
}

/** The project's file server in a process of its own. */
export async function startFileServer(
  dataDir: string,
): Promise<{ connectionString: string; stop(): Promise<void> }> {
  const key = randomBytes(64).toString('base64');
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = await startChildProcess({
    name: 'azure-files',
    entry: path.resolve(import.meta.dirname, '../../local/azure-files/main.ts'),
    args: ['--port', '0', '--data', dataDir, '--account', 'bench'],
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
