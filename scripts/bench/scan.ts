import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildAgent, timeAgentCycle, timeProcess } from './agent-process.ts';
import { startBenchControlPlane } from './control-plane.ts';
import { median, printComparison, printFigure } from './report.ts';

const FOLDERS = 200;
const FILES_A_FOLDER = 500;
const OPEN_FOLDERS = 3;
const ROUNDS = 5;

/**
 * P1: an unchanged cycle over 100,000 files in 200 date folders, every file looked at, beside `rsync -an` of the same
 * tree against its copy; then the same with all but three folders sealed. All with process start. P2: what the comparison of an unchanged job costs on the wire.
 */
export async function benchScan(): Promise<void> {
  await buildAgent();
  const work = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  const [source, copy, state] = ['source', 'copy', 'state'].map((name) => path.join(work, name)) as [
    string,
    string,
    string,
  ];
  makeTree(source);
  await timeProcess('rsync', ['-a', `${source}/`, copy]);
  const plane = await startBenchControlPlane({
    sourcePath: source,
    shareName: 's',
    shareUrl: 'http://127.0.0.1:9/a/s',
    sas: 'x=1',
  });
  try {
    plane.need = 'nothing';
    await timeAgentCycle(plane.url, state); // the first cycle makes the agent's own index
    await timeAgentCycle(plane.url, state);
    const unchanged = () => besideRsync(plane.url, { source, copy, state });
    const { ours, peer, peakMiB } = await unchanged();
    printComparison({
      id: 'P1',
      what: 'unchanged cycle, 100,000 files, none sealed',
      ours,
      peer,
      peerName: 'rsync -an',
      unit: 'ms',
      target: { atMost: 1 },
    });
    printFigure({ id: 'P1', what: 'agent memory at its peak', value: peakMiB, unit: 'MiB', atMost: 150 });
    printFigure({
      id: 'P2',
      what: 'compare request of an unchanged job',
      value: plane.lastCompareBytes() / 1024,
      unit: 'KiB',
      atMost: 50,
    });
    plane.sealed = folderNames(FOLDERS - OPEN_FOLDERS).map((folder) => ({
      folder,
      fileCount: FILES_A_FOLDER,
    }));
    // The agent hears of the seals, looks at every file once more, and from then on cheaply.
    for (let times = 0; times < 3; times += 1) await timeAgentCycle(plane.url, state);
    const sealed = await unchanged();
    printComparison({
      id: 'P1',
      what: `unchanged cycle, 100,000 files, all but ${String(OPEN_FOLDERS)} folders sealed`,
      ours: sealed.ours,
      peer: sealed.peer,
      peerName: 'rsync -an',
      unit: 'ms',
      target: { atMost: 0.35 },
    });
  } finally {
    plane.close();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Medians of unchanged cycles and of `rsync -an`, measured in turns. */
async function besideRsync(
  server: string,
  { source, copy, state }: { readonly source: string; readonly copy: string; readonly state: string },
): Promise<{ ours: number; peer: number; peakMiB: number }> {
  const ours: number[] = [];
  const peer: number[] = [];
  let peakMiB = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const cycle = await timeAgentCycle(server, state);
    ours.push(cycle.wallMs);
    peakMiB = Math.max(peakMiB, cycle.peakMiB);
    peer.push((await timeProcess('rsync', ['-an', `${source}/`, `${copy}/`])).wallMs);
  }
  return { ours: median(ours), peer: median(peer), peakMiB };
}

function folderNames(count: number): string[] {
  const firstDay = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, (_, day) =>
    new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10),
  );
}

function makeTree(root: string): void {
  for (const name of folderNames(FOLDERS)) {
    const at = new Date(`${name}T00:00:00Z`);
    const folder = path.join(root, name);
    mkdirSync(folder, { recursive: true });
    for (let index = 0; index < FILES_A_FOLDER; index += 1) {
      const file = path.join(folder, `ARGO1_${String(index).padStart(5, '0')}.geo`);
      writeFileSync(file, 'x');
      utimesSync(file, at, at);
    }
  }
}
