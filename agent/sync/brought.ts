import { changedNamesIn } from '../../shared/domain/archivedName.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { folderOf, nameOf, pathIn } from '../../shared/domain/relativePath.ts';
import type { FileState } from '../index/segment.ts';
import type { FileOnShare } from '../share/shareFiles.ts';
import { isSameState } from './indexEntry.ts';
import { besideOf } from './placement.ts';
import { type ArchiveTools, onShare } from './tools.ts';
import type { Archived } from './verdict.ts';

/**
 * Which of these states of a file stand whole on the share, under its own name or beside it: a process that was killed
 * may have brought them there and told nobody. Rejects with a `ShareFault` when the share does not say.
 */
export async function broughtStates(
  tools: ArchiveTools,
  path: string,
  states: readonly FileState[],
): Promise<Archived[]> {
  const existing = await tools.folders.look(onShare(tools, path), tools.signal);
  // Beside it goes only what finds other content under its name.
  if (existing === undefined || existing.temporary) return [];
  const own = archivedAt(path, existing);
  const isOwn = (state: FileState) => own !== undefined && isSameState(own.facts, state);
  const beside = states.filter((state) => !isOwn(state));
  const found = await broughtBeside(tools, path, beside, tools.signal);
  return own !== undefined && states.some(isOwn) ? [own, ...found] : found;
}

/** Of these states of a file, those that stand whole beside its own name. */
export async function broughtBeside(
  tools: ArchiveTools,
  path: string,
  states: readonly FileState[],
  signal: AbortSignal,
): Promise<Archived[]> {
  if (states.length === 0) return [];
  const names = (await tools.folders.namesIn(folderOf(onShare(tools, path)), signal)) ?? [];
  const found: Archived[] = [];
  for (const state of states)
    for (const name of changedNamesIn(names, { ...state, name: nameOf(path) }, foldPath)) {
      const existing = await tools.folders.look(onShare(tools, pathIn(folderOf(path), name)), signal);
      const facts = existing?.facts;
      if (facts === undefined || !isSameState(facts, state)) continue;
      const archived = archivedAt(besideOf(path, facts), existing);
      if (archived !== undefined && foldPath(nameOf(archived.archivedPath)) === name) found.push(archived);
    }
  return found;
}

function archivedAt(archivedPath: string, existing: FileOnShare | undefined): Archived | undefined {
  if (existing?.whole !== true || existing.facts === undefined) return undefined;
  return { outcome: 'already_archived', facts: existing.facts, archivedPath, stamp: existing.stamp };
}
