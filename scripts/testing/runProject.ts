import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess, type ProcessEnd } from './runProcess.ts';
import type { Project } from './steps.ts';
import { tallyVitest, type VitestReport } from './tallyVitest.ts';
import { closingLine, type Tally } from './tally.ts';

/** A project that takes longer hangs: it is killed and counted as failed. A test that hangs ends by its own limit. */
const limitMs = 25 * 60_000;

/** Runs one vitest project with its output shown live, and counts its tests from the JSON report beside it. */
export async function runProject(
  project: Project,
  { signal, skippedFails }: { signal: AbortSignal; skippedFails: boolean },
): Promise<Tally> {
  console.log(`\n== ${project.name}: begins`);
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'datasync-test-'));
  try {
    const report = join(folder, 'report.json');
    const args = ['run', '--project', project.name, '--reporter=default'];
    const end = await runProcess('vitest', [...args, '--reporter=json', `--outputFile.json=${report}`], {
      output: 'shown',
      limitMs,
      signal,
    });
    const tally = tallyVitest(project.name, {
      ending: describeEnd(end),
      report: await readReport(report),
      skippedFails,
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`\n== ${project.name}: ${closingLine(tally)} (${seconds} s)`);
    return tally;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null for a good end, else what went wrong in words. */
function describeEnd(end: ProcessEnd): string | null {
  if (end.timedOut) return `stopped after its limit of ${limitMs / 60_000} min`;
  return end.code === 0 ? null : `vitest ended with ${end.code === null ? 'a signal' : `code ${end.code}`}`;
}

/** Null when vitest died before it wrote one. */
async function readReport(path: string): Promise<VitestReport | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as VitestReport;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
