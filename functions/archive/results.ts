import { createHash } from 'node:crypto';
import type { FileResult } from '../../shared/contract/agents.ts';
import { isNotOlder, type ShareState } from '../../shared/domain/etag.ts';
import { isFinal, outcomes } from '../../shared/domain/outcomes.ts';
import { folderOf, pathKey } from '../../shared/domain/paths.ts';
import type { RunFileRow } from './store/runFiles.ts';
import type { ArchivedFile } from './store/stateIndex.ts';

/** A result with the key of its row in the run. */
export interface KeyedResult extends FileResult {
  readonly key: Buffer;
}

/**
 * One result a file, the one that says most (`supersedes`), each with its key. Files whose names differ only in case
 * have one key on the share; the one that lost its name to the other keeps a row of its own by its exact name.
 */
export function uniqueResults(results: readonly FileResult[]): KeyedResult[] {
  const byKey = new Map<string, KeyedResult>();
  for (const result of results) {
    const key = resultKey(result);
    const name = key.toString('hex');
    const other = byKey.get(name);
    if (other === undefined || supersedes(result, other)) byKey.set(name, { ...result, key });
  }
  return [...byKey.values()];
}

function resultKey(result: FileResult): Buffer {
  if (result.outcome !== 'name_case_conflict') return pathKey(result.path);
  return createHash('sha256').update('exact name\0').update(result.path, 'utf8').digest();
}

/**
 * Whether a result stands over another of the same file, whichever arrived first: what is archived or lost over anything
 * else, of these the newer source over the older, and of one source what is archived; of others one that is final over
 * one that is tried again, and otherwise the one after more attempts. The guard in SQL says the same of stored rows.
 */
function supersedes(result: FileResult, other: FileResult): boolean {
  const [isDecided, wasDecided] = [isArchivedOrLost(result), isArchivedOrLost(other)];
  if (isDecided !== wasDecided) return isDecided;
  if (isDecided) {
    const laterMs = (result.mtimeMs ?? 0) - (other.mtimeMs ?? 0);
    return laterMs === 0 ? stateOf(result) === 'archived' || other.outcome === 'vanished' : laterMs > 0;
  }
  if (isFinal(result.outcome) !== isFinal(other.outcome)) return isFinal(result.outcome);
  return result.attempts >= other.attempts;
}

function isArchivedOrLost(result: FileResult): boolean {
  return stateOf(result) === 'archived' || result.outcome === 'vanished';
}

function stateOf(result: FileResult): 'archived' | 'skipped' | 'failed' {
  return outcomes[result.outcome].state;
}

export function runFileRow(runId: string, result: KeyedResult, at: Date): RunFileRow {
  return {
    run_id: runId,
    path_key: result.key,
    path: result.path,
    outcome: result.outcome,
    state: stateOf(result),
    size_bytes: result.sizeBytes,
    source_mtime_ms: result.mtimeMs,
    archived_path: result.archivedPath,
    checksum: result.sha256,
    bytes_sent: result.bytesSent,
    attempts: result.attempts,
    error: result.error,
    updated_at: at,
  };
}

/** The whole files among the results, one a place on the share: the one that the share changed last. */
export function archivedFiles(results: readonly FileResult[]): ArchivedFile[] {
  const byPlace = new Map<string, ArchivedFile>();
  for (const result of results) {
    const file = archivedFile(result);
    if (file === undefined) continue;
    const place = file.pathKey.toString('hex');
    const other = byPlace.get(place);
    if (other === undefined || isNotOlder(stateOnShare(file), stateOnShare(other))) byPlace.set(place, file);
  }
  return [...byPlace.values()];
}

function stateOnShare({ shareModifiedAt, etag }: ArchivedFile): ShareState {
  return { modifiedAt: shareModifiedAt, etag };
}

/** Undefined for a file that is not whole on the share; the contract sees to it that one that is carries every fact. */
function archivedFile(result: FileResult): ArchivedFile | undefined {
  const { path, archivedPath, sizeBytes, mtimeMs, sha256, etag, shareModifiedAt } = result;
  if (stateOf(result) !== 'archived') return undefined;
  if (archivedPath === null || sizeBytes === null || mtimeMs === null) return undefined;
  if (sha256 === null || etag === null || shareModifiedAt === null) return undefined;
  const folder = folderOf(path);
  return {
    pathKey: pathKey(archivedPath),
    path: archivedPath,
    sourceKey: pathKey(path),
    sourcePath: path,
    folderKey: pathKey(folder),
    folder,
    sizeBytes,
    mtimeMs,
    checksum: sha256,
    etag,
    shareModifiedAt: new Date(shareModifiedAt),
  };
}
