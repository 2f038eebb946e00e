import { lstatSync } from 'node:fs';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { changedName } from '../../shared/domain/archivedName.ts';
import { judgeHeld } from '../../shared/domain/heldOnShare.ts';
import { nameOf } from '../../shared/domain/relativePath.ts';
import type { FileOnShare } from '../share/shareFiles.ts';
import { outcomeOfSourceError } from '../source/sourceFault.ts';
import { type OpenSourceFile, type SourceFile, sourceTimeMs } from '../source/sourceFile.ts';
import { hashSource } from '../sync/hashSource.ts';
import type { ListedFile } from './listShare.ts';

/** What became of one file; `gone`: the instrument deleted it while the audit looked. */
export type Judged =
  | { readonly held: 'held' | 'missing' | 'notWhole' | 'writing' | 'gone' }
  | { readonly held: 'different' | 'unreadable'; readonly reason: string };

export interface Judging {
  readonly job: JobConfiguration;
  readonly openSource: OpenSourceFile;
  /** Looks at a file of the share by its path below the job's folder there. */
  readonly look: (job: JobConfiguration, path: string) => Promise<FileOnShare | undefined>;
  /** A file that changed within this time is not judged. */
  readonly quietMs: number;
  readonly now: () => number;
}

/** A file system's clock may be this far ahead. */
const AHEAD_MS = 60_000;
/** A longer name loses its end when a changed file is kept beside it, so that its source cannot be read back from it. */
const READABLE_NAME = 220;

/** Compares a file's bytes with the hashes that its copies carry, by fresh looks at both sides. */
export async function judgeByContent(
  judging: Judging,
  file: SourceFile,
  listed: readonly ListedFile[],
): Promise<Judged> {
  const { job } = judging;
  try {
    if (!isAsSeen(job, file)) return { held: 'writing' };
    const names = new Set([...listed.map(({ path }) => path), file.path]);
    let copies = await lookAt(judging, names);
    if (copies.length === 0 && nameOf(file.path).length <= READABLE_NAME)
      return unheld(judging, file, 'missing');
    const sha256 = await contentHash(judging, file);
    if (sha256 === undefined) return { held: 'writing' };
    copies = [...copies, ...(await lookAt(judging, [changedName(file.path, file.mtimeMs, sha256)]))];
    const held = judgeHeld(copies, ({ facts }) => facts?.sha256 === sha256);
    return held === 'held' ? { held } : unheld(judging, file, held, copies);
  } catch (error) {
    return faultOf(error);
  }
}

async function lookAt({ look, job }: Judging, names: Iterable<string>): Promise<FileOnShare[]> {
  const copies = await Promise.all([...names].map((name) => look(job, name)));
  return copies.filter((copy) => copy !== undefined);
}

/** What changed lately is not judged: the agent leaves it alone too. */
function unheld(
  { now, quietMs }: Judging,
  { mtimeMs, ctimeMs, sizeBytes }: SourceFile,
  held: 'missing' | 'notWhole' | 'different',
  copies: readonly FileOnShare[] = [],
): Judged {
  const nowMs = now();
  if ([mtimeMs, ctimeMs].some((ms) => ms > nowMs - quietMs && ms <= nowMs + AHEAD_MS))
    return { held: 'writing' };
  if (held !== 'different') return { held };
  const sizes = copies.map((copy) => copy.sizeBytes);
  if (!sizes.includes(sizeBytes))
    return { held, reason: `${String(sizeBytes)} bytes on the source, ${sizes.join(' and ')} on the share` };
  const isUnknown = copies.every(({ facts }) => facts === undefined);
  return { held, reason: isUnknown ? 'its copy carries no hash' : 'the content is not what was archived' };
}

function isAsSeen({ sourcePath }: JobConfiguration, file: SourceFile): boolean {
  const stat = lstatSync(`${sourcePath}/${file.path}`);
  return stat.size === file.sizeBytes && sourceTimeMs(stat.mtimeMs) === file.mtimeMs;
}

/** Undefined: it changed while it was read. */
async function contentHash({ job, openSource }: Judging, file: SourceFile): Promise<string | undefined> {
  const source = await openSource(`${job.sourcePath}/${file.path}`);
  try {
    const sha256 = await hashSource(source, file.sizeBytes);
    const { sizeBytes, mtimeMs } = await source.stat();
    return sizeBytes === file.sizeBytes && mtimeMs === file.mtimeMs ? sha256 : undefined;
  } finally {
    await source.close();
  }
}

/** What the file system refuses is said of the file; what the share refuses ends the audit. */
function faultOf(error: unknown): Judged {
  if (!(error instanceof Error) || !('syscall' in error)) throw error;
  if (outcomeOfSourceError(error) === 'vanished') return { held: 'gone' };
  return { held: 'unreadable', reason: error.message };
}
