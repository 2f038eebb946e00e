import { setTimeout as sleep } from 'node:timers/promises';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import { pathIn } from '../../shared/domain/relativePath.ts';
import { indexScope } from '../index/indexScope.ts';
import { type LocalIndex, openLocalIndex } from '../index/localIndex.ts';
import type { IndexedFile } from '../index/segment.ts';
import type { AgentLog } from '../logging/log.ts';
import type { Share } from '../share/openShare.ts';
import { openUntil } from '../source/openUntil.ts';
import type { OpenSourceFile, SourceStat } from '../source/sourceFile.ts';
import { hashSource } from './hashSource.ts';
import { continuedAt, isDueOn, recheckProgressFile } from './recheckProgress.ts';
import { onShare } from './tools.ts';

/** After each piece read it rests so many times as long: the instrument's own work goes first. */
const RESTS = 3;
/** A file that took so much of the time between two cycles had all of it. */
const WHOLE_REST = 0.8;

export interface RecheckDependencies {
  readonly stateFolder: string;
  readonly openSource: OpenSourceFile;
  readonly openShare: (shareName: string) => Promise<Share>;
  readonly log: AgentLog;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  /** The next cycle begins, or the agent stops. */
  readonly signal: AbortSignal;
}

/**
 * Reads files that are archived and still stand once more, a thirtieth of them each day, and compares them with what was
 * archived: size and time do not tell of content that changed beneath them. One that differs is made pending, so that the
 * next cycle archives it beside the first. Runs between cycles, slowly, until it is done or the signal comes; then it
 * has resolved, and goes on from there the next time.
 */
export async function recheckJob(job: JobConfiguration, dependencies: RecheckDependencies): Promise<void> {
  try {
    await recheckDays(job, dependencies);
  } catch (error) {
    if (!dependencies.signal.aborted) throw error;
  }
}

async function recheckDays(job: JobConfiguration, dependencies: RecheckDependencies): Promise<void> {
  const { stateFolder, now } = dependencies;
  const progress = recheckProgressFile(stateFolder, job.jobId);
  const { today, ...from } = continuedAt(progress.read(), now());
  if (from.day > today) return;
  const index = openLocalIndex({ stateFolder, jobId: job.jobId, configuration: indexScope(job) });
  for (let { day, after } = from; day <= today; day += 1, after = '') {
    for (const due of filesDue(index, day, after)) {
      await recheckInTime(job, index, due, () => progress.write({ day, after: due.place }), dependencies);
      progress.write({ day, after: due.place });
    }
    progress.write({ day: day + 1, after: '' });
  }
}

/** Passes by a file that takes longer than there is between two cycles: it must not keep all others waiting for ever. */
async function recheckInTime(
  job: JobConfiguration,
  index: LocalIndex,
  due: Due,
  passBy: () => void,
  dependencies: RecheckDependencies,
): Promise<void> {
  const { signal, monotonicMs } = dependencies;
  signal.throwIfAborted();
  const begunAtMs = monotonicMs();
  try {
    await recheckFile(job, index, due, dependencies);
  } catch (error) {
    if (signal.aborted && monotonicMs() - begunAtMs > WHOLE_REST * job.scheduleSeconds * 1000) passBy();
    throw error;
  }
}

/** The files of a day after a place, folder by folder in the order of their names. */
function* filesDue(index: LocalIndex, day: number, after: string): Generator<Due> {
  for (const folder of [...index.folders.keys()].sort())
    for (const file of [...index.segment(folder).values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = pathIn(folder, file.name);
      const place = `${folder}\0${file.name}`;
      if (file.state === 'archived' && place > after && isDueOn(day, pathKeyHex(path)))
        yield { path, folder, place, file };
    }
}

interface Due {
  readonly path: string;
  readonly folder: string;
  /** Where it comes in the order of the day. */
  readonly place: string;
  readonly file: IndexedFile;
}

async function recheckFile(
  job: JobConfiguration,
  index: LocalIndex,
  { path, folder, file }: Due,
  dependencies: RecheckDependencies,
): Promise<void> {
  const archived = file.sha256 ?? (await hashByShare(job, path, dependencies));
  const standing = archived === undefined ? undefined : await hashStanding(job, path, file, dependencies);
  // From here on nothing is waited for, so that no cycle can begin before all is written.
  dependencies.signal.throwIfAborted();
  if (standing === undefined || standing === archived) return;
  dependencies.log.warn(
    { jobId: job.jobId, path, archived, standing },
    'A file has other content than was archived of it, though its size and time are the same: the next cycle archives it too',
  );
  // The folder first: should this end in between, the file still counts as archived, and is read again.
  unsettle(index, folder);
  const segment = index.segment(folder);
  segment.set(file.name, { ...file, state: 'pending' });
  index.saveSegment(folder, segment);
}

function unsettle(index: LocalIndex, folder: string): void {
  const record = index.folders.get(folder);
  if (record === undefined) return;
  const { look: _, ...rest } = record;
  index.folders.set(folder, { ...rest, settled: false });
  index.saveFolders();
}

/** What the share's own record says of a file that this agent only knows to be there; undefined when it says nothing. */
async function hashByShare(
  job: JobConfiguration,
  path: string,
  { openShare, signal }: RecheckDependencies,
): Promise<string | undefined> {
  const share = await openShare(job.shareName);
  const found = await share.attempt(signal, (files) => files.look(onShare(job, path), signal));
  return found?.facts?.sha256;
}

/** Undefined for a file that is gone, is not what the index knows, or cannot be read now: a cycle's scan sees to those. */
async function hashStanding(
  { sourcePath }: JobConfiguration,
  path: string,
  file: IndexedFile,
  { openSource, signal, monotonicMs, log }: RecheckDependencies,
): Promise<string | undefined> {
  const { open } = openUntil(openSource, signal);
  const source = await open(`${sourcePath}/${path}`).catch(() => undefined);
  if (source === undefined) return undefined;
  try {
    if (!isStill(file, await source.stat())) return undefined;
    let workedSinceMs = monotonicMs();
    const sha256 = await hashSource(source, file.sizeBytes, signal, async () => {
      await sleep((monotonicMs() - workedSinceMs) * RESTS, undefined, { signal });
      workedSinceMs = monotonicMs();
    });
    return isStill(file, await source.stat()) ? sha256 : undefined;
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ path, error: String(error) }, 'A file that is archived cannot be read any more on the source');
    return undefined;
  } finally {
    await source.close();
  }
}

function isStill(file: IndexedFile, stat: SourceStat): boolean {
  const isSameFile = file.ctimeMs === null || (file.ctimeMs === stat.ctimeMs && file.fileId === stat.fileId);
  return isSameFile && file.sizeBytes === stat.sizeBytes && file.mtimeMs === stat.mtimeMs;
}
