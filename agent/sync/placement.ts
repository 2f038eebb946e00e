import { changedName } from '../../shared/domain/archivedName.ts';
import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';
import type { FileOnShare } from '../share/shareFiles.ts';

/**
 * What to do about one name on the share. `create`: nothing is there. `finish`: half-written by an agent.
 * `already`: the same content is there. `adopt`: the same content, brought by somebody else, wants only its mark.
 * `beside`: other content has the name; a whole file is never written again.
 */
export type Placement = 'create' | 'finish' | 'already' | 'adopt' | 'beside';

/** Decides by what a look showed. `contentHash` reads the file on the share; asked only where its metadata cannot tell. */
export async function placementOf(
  existing: FileOnShare | undefined,
  facts: ArchivedFacts,
  contentHash: (existing: FileOnShare) => Promise<string>,
): Promise<Placement> {
  if (existing === undefined) return 'create';
  if (existing.temporary) return 'finish';
  if (existing.sizeBytes !== facts.sizeBytes) return 'beside';
  if (existing.whole && existing.facts !== undefined)
    return existing.facts.sha256 === facts.sha256 ? 'already' : 'beside';
  if ((await contentHash(existing)) !== facts.sha256) return 'beside';
  return existing.whole ? 'already' : 'adopt';
}

/** Where a source file goes whose own name holds other content: beside it, under the time and hash it has now. */
export function besideOf(path: string, facts: ArchivedFacts): string {
  return changedName(path, facts.mtimeMs, facts.sha256);
}
