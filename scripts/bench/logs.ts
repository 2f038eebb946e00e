import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ShareSASPermissions, ShareServiceClient } from '@azure/storage-file-share';
import { runAgent } from '../../agent/agent.ts';
import { parseConfiguration } from '../../agent/configuration/configuration.ts';
import { createLog, type ProcessLog } from '../../agent/logging/log.ts';
import { openLogFiles } from '../../agent/logging/logFiles.ts';
import { openSourceFile } from '../../agent/source/sourceFile.ts';
import { startBenchControlPlane } from './control-plane.ts';
import { median, printComparison, printFigure } from './report.ts';
import { makeFiles, startFileServer } from './upload.ts';

const LINES = 1_000_000;
const FILES = 1000;
const ROUNDS = 3;

/**
 * F11: a million lines in the agent's log: what they cost and leave on the disk, and what they do to a sync that is
 * flooded by them (a thousand lines each time that it opens a file).
 */
export async function benchLogs(): Promise<void> {
  const work = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  try {
    floodAlone(work, 'the same', () => 'The share refused the credential');
    floodAlone(
      work,
      'different',
      (n) => `Reading ${n.toString(26).replace(/\d/g, 'z')} of the instrument failed`,
    );
    await floodedSync(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function floodAlone(work: string, what: string, message: (n: number) => string): void {
  const folder = path.join(work, what.replaceAll(' ', '-'));
  const files = openLogFiles({ folder, now: () => new Date() });
  const log = quietLog();
  log.keepIn(files.write);
  const heapBefore = process.memoryUsage().heapUsed;
  const startedAt = performance.now();
  for (let n = 0; n < LINES; n += 1) log.warn({ n, path: 'day/ARGO1_00001.geo' }, message(n));
  const microseconds = ((performance.now() - startedAt) / LINES) * 1000;
  files.close();
  const grownMiB = (process.memoryUsage().heapUsed - heapBefore) / 1_048_576;
  const lines = `a million log lines that are ${what}`;
  printFigure({ id: 'F11', what: `${lines}, each`, value: microseconds, unit: 'µs', atMost: 5 });
  printFigure({ id: 'F11', what: `${lines}, on the disk`, value: sizeOf(folder), unit: 'MiB', atMost: 1 });
  printFigure({ id: 'F11', what: `${lines}, heap`, value: Math.max(0, grownMiB), unit: 'MiB', atMost: 64 });
}

async function floodedSync(work: string): Promise<void> {
  const source = path.join(work, 'source');
  mkdirSync(source);
  makeFiles(source, { files: FILES, sizeBytes: 20 * 1024 });
  const server = await startFileServer(path.join(work, 'files'));
  try {
    const quiet: number[] = [];
    const flooded: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const run = { work, source, connectionString: server.connectionString };
      const quietMs = await sync({ ...run, name: `quiet-${String(round)}`, linesAFile: 0 });
      const floodedMs = await sync({ ...run, name: `flooded-${String(round)}`, linesAFile: LINES / FILES });
      if (round === 0) continue; // warms the file cache
      quiet.push(quietMs);
      flooded.push(floodedMs);
    }
    printComparison({
      id: 'F11',
      what: `a sync of ${String(FILES)} files that logs a million lines`,
      ours: median(flooded),
      peer: median(quiet),
      peerName: 'the same without them',
      unit: 'ms',
      target: { atMost: 1.25 },
    });
    printFigure({
      id: 'F11',
      what: 'what the flooded agent has in its log folder',
      value: sizeOf(path.join(work, `state-flooded-${String(ROUNDS)}`, 'logs')),
      unit: 'MiB',
      atMost: 1,
    });
  } finally {
    await server.stop();
  }
}

async function sync(run: {
  readonly work: string;
  readonly source: string;
  readonly connectionString: string;
  readonly name: string;
  readonly linesAFile: number;
}): Promise<number> {
  const share = ShareServiceClient.fromConnectionString(run.connectionString).getShareClient(run.name);
  await share.create();
  const expiresOn = new Date(Date.now() + 3_600_000);
  const signed = new URL(share.generateSasUrl({ permissions: ShareSASPermissions.parse('rcwl'), expiresOn }));
  const plane = await startBenchControlPlane({
    sourcePath: run.source,
    shareName: run.name,
    shareUrl: share.url,
    sas: signed.search.slice(1),
  });
  const log = quietLog();
  try {
    await runAgent({
      configuration: parseConfiguration({
        server: plane.url,
        state: path.join(run.work, `state-${run.name}`),
        quietSeconds: 0,
      }),
      once: true,
      log,
      signal: new AbortController().signal,
      openSource: (file) => {
        for (let n = 0; n < run.linesAFile; n += 1) log.warn({ n, file }, 'Archiving a file is slow');
        return openSourceFile(file);
      },
    });
    return plane.lastRunMs();
  } finally {
    plane.close();
  }
}

function quietLog(): ProcessLog {
  return createLog({ level: 'info', format: 'json', write: () => undefined });
}

function sizeOf(folder: string): number {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  return bytes / 1_048_576;
}
