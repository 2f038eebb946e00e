import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';
import type { UploadRecord } from '../journal/contents.ts';
import { ShareFault } from '../share/shareFault.ts';
import type { FileOnShare, ShareStamp } from '../share/shareFiles.ts';
import { hashOnShare } from './hashOnShare.ts';
import { refuseEmptied } from './emptied.ts';
import { noted } from './noted.ts';
import { besideOf, placementOf } from './placement.ts';
import { type ArchiveTools, onShare } from './tools.ts';
import type { Archived } from './verdict.ts';

/** Brings content to a name on which a look found nothing, or something half-written. */
export type PutContent = (target: string, existing: FileOnShare | undefined) => Promise<ShareStamp>;

/**
 * Finds the name for a file's content and brings it there: its own name, or beside it when that holds other content.
 * Writes nothing when the content is there already. Looks before every create.
 */
export async function place(
  tools: ArchiveTools,
  path: string,
  facts: ArchivedFacts,
  signal: AbortSignal,
  put: PutContent,
): Promise<Archived> {
  try {
    return await placeOnce(tools, path, facts, signal, put);
  } catch (error) {
    if (!(error instanceof ShareFault) || !SURPRISES.has(error.code)) throw error;
    // The share is not as it was believed to be: look again, once.
    tools.folders.forget(onShare(tools, path));
    return placeOnce(tools, path, facts, signal, put);
  }
}

const SURPRISES = new Set(['ReadOnlyAttribute', 'ParentNotFound', 'ResourceNotFound']);

async function placeOnce(
  tools: ArchiveTools,
  path: string,
  facts: ArchivedFacts,
  signal: AbortSignal,
  put: PutContent,
): Promise<Archived> {
  let before: Archived['before'];
  for (const archivedPath of [path, besideOf(path, facts)]) {
    const target = onShare(tools, archivedPath);
    const existing = await tools.folders.look(target, signal);
    const placement = await placementOf(existing, facts, (found) =>
      hashOnShare(tools, target, found, signal),
    );
    if (placement === 'beside') {
      before ??= wholeState(existing);
      continue;
    }
    const found = { facts, archivedPath, ...(before === undefined ? {} : { before }) };
    if (placement === 'already' && existing !== undefined) {
      if (await isEmptied(tools, target, existing, facts, signal))
        await refuseEmptied(tools, target, existing, signal);
      const stamp = existing.facts === undefined ? await recordHash(tools, target, facts, signal) : undefined;
      return { ...found, outcome: 'already_archived', stamp: stamp ?? existing.stamp };
    }
    if (placement === 'adopt')
      return {
        ...found,
        outcome: 'already_archived',
        stamp: await markWhole(tools, target, facts, signal),
      };
    await tools.folders.ensureFolderOf(target, signal);
    const stamp = await put(target, existing);
    return { ...found, outcome: archivedPath === path ? 'archived' : 'archived_changed', stamp };
  }
  throw new ShareFault(
    'permanent',
    'NameTaken',
    `archiving ${path}: its own name and the one beside it hold other content`,
  );
}

/**
 * Whether it was created anew, by a request that came late, after its bytes were sent, and was then marked by somebody who was
 * killed. Another job may have brought the same file, or somebody restored it: its content decides.
 */
async function isEmptied(
  tools: ArchiveTools,
  target: string,
  existing: FileOnShare,
  { sha256, sizeBytes, mtimeMs }: ArchivedFacts,
  signal: AbortSignal,
): Promise<boolean> {
  const { journal, jobId } = tools;
  // Earlier versions did not note when the file was created.
  const isSame = (upload: UploadRecord) =>
    upload.jobId === jobId &&
    upload.target === target &&
    upload.createdMs !== 0 &&
    upload.sizeBytes === sizeBytes &&
    upload.mtimeMs === mtimeMs;
  const isAnother = [...journal.contents.uploads.values()].some(
    (upload) => isSame(upload) && upload.createdMs !== existing.createdMs,
  );
  return isAnother && (await hashOnShare(tools, target, existing, signal)) !== sha256;
}

/**
 * Gives a whole file its hash: the mark of an agent that was killed may have come after another had begun the file anew. Where the
 * share does not let it be written any more, the content is there all the same.
 */
async function recordHash(
  tools: ArchiveTools,
  target: string,
  facts: ArchivedFacts,
  signal: AbortSignal,
): Promise<ShareStamp | undefined> {
  try {
    return await markWhole(tools, target, facts, signal);
  } catch (error) {
    if (error instanceof ShareFault && error.code === 'ReadOnlyAttribute') return undefined;
    throw error;
  }
}

/** A process that was killed may have brought it there and told nobody. */
function wholeState(existing: FileOnShare | undefined): Archived['before'] {
  if (existing?.whole !== true || existing.facts === undefined) return undefined;
  return { facts: existing.facts, stamp: existing.stamp };
}

/** Sets the whole mark. Repeated after a lost answer, it finds the mark set and is content with that. */
export function markWhole(
  tools: Pick<ArchiveTools, 'share' | 'inFlight'>,
  target: string,
  facts: ArchivedFacts,
  signal: AbortSignal,
): Promise<ShareStamp> {
  return afterALook(tools, target, facts, signal, (files) =>
    noted(tools, target, 'content', files.markWhole(target, facts, signal)),
  );
}

/** Does what makes a file whole; before a repeat it looks whether the lost answer was a yes. */
export function afterALook<T extends ShareStamp | undefined>(
  { share }: Pick<ArchiveTools, 'share'>,
  target: string,
  facts: ArchivedFacts,
  signal: AbortSignal,
  work: (files: Parameters<Parameters<typeof share.attempt>[1]>[0]) => Promise<T>,
): Promise<T | ShareStamp> {
  let repeated = false;
  return share.attempt<T | ShareStamp>(signal, async (files) => {
    if (repeated) {
      const existing = await files.look(target, signal);
      // A mark without a hash is not this work's: that sets the hash first.
      if (existing?.whole === true && existing.facts !== undefined)
        return stampIfSame(existing, target, facts);
    }
    repeated = true;
    return work(files);
  });
}

function stampIfSame(existing: FileOnShare, target: string, facts: ArchivedFacts): ShareStamp {
  if (existing.facts?.sha256 === facts.sha256) return existing.stamp;
  throw new ShareFault(
    'permanent',
    'ReadOnlyAttribute',
    `archiving ${target}: a whole file took the name meanwhile`,
  );
}
