import type { Client } from '../../shared/client/index.ts';
import { compareRun, type ManifestFile } from '../../shared/contract/agents.ts';
import { chunked } from './chunked.ts';

/** A run as the server knows it. */
export interface Run {
  readonly runId: string;
  readonly correlationId: string;
}

export interface ComparedFolder {
  readonly folder: string;
  readonly digest: string;
}

/** A folder's files with the digest over exactly these. */
export interface FolderManifest {
  readonly digest: string;
  readonly files: readonly ManifestFile[];
}

export interface Comparison {
  /** Folders whose digest the server does not know. */
  readonly changedFolders: ReadonlySet<string>;
  /** Paths that the state index does not hold with their size and time. */
  readonly needed: ReadonlySet<string>;
}

/** The endpoint takes 5,000 folders, 20,000 files and 8 MiB at once. */
const FOLDERS_A_REQUEST = 5000;
const FILES_A_REQUEST = 20_000;
const BYTES_A_REQUEST = 6 * 1024 * 1024;

/**
 * Asks the server what it lacks: first one digest a folder, then the files of folders that differ. `manifestOf` is
 * asked only for those, one at a time; undefined when the folder is gone.
 */
export async function compareWithServer(
  client: Client,
  run: Run,
  folders: Iterable<ComparedFolder>,
  manifestOf: (folder: string) => FolderManifest | undefined,
): Promise<Comparison> {
  const ask = (part: Part[]) =>
    client.call(compareRun, {
      params: { runId: run.runId },
      body: { correlationId: run.correlationId, folders: part },
    });
  const changedFolders = new Set<string>();
  const needed = new Set<string>();
  const digests = chunked(digestParts(folders), { count: FOLDERS_A_REQUEST, bytes: BYTES_A_REQUEST });
  for (const part of digests)
    for (const folder of (await ask(part)).changedFolders) changedFolders.add(folder);
  for (const request of requestsOf(fileParts(changedFolders, manifestOf))) {
    const answer = await ask(request);
    for (const path of answer.needed) needed.add(path);
    const whole = new Set(answer.neededFolders);
    for (const { folder, files } of request)
      if (whole.has(folder)) for (const { path } of files) needed.add(path);
  }
  return { changedFolders, needed };
}

interface Part {
  readonly folder: string;
  readonly digest: string | null;
  readonly files?: ManifestFile[];
}

function* digestParts(folders: Iterable<ComparedFolder>): Generator<Part> {
  for (const { folder, digest } of folders) yield { folder, digest };
}

/** The files of each folder; a list too long for one request goes in pieces, without a digest. */
function* fileParts(
  folders: Iterable<string>,
  manifestOf: (folder: string) => FolderManifest | undefined,
): Generator<Required<Part>> {
  for (const folder of folders) {
    const manifest = manifestOf(folder);
    if (manifest === undefined) continue;
    const pieces = [...chunked(manifest.files, { count: FILES_A_REQUEST, bytes: BYTES_A_REQUEST })];
    if (pieces.length <= 1) yield { folder, digest: manifest.digest, files: pieces[0] ?? [] };
    else for (const files of pieces) yield { folder, digest: null, files };
  }
}

/** Fills requests with folders until one of the limits is reached. */
function* requestsOf(parts: Iterable<Required<Part>>): Generator<Required<Part>[]> {
  let request: Required<Part>[] = [];
  let files = 0;
  let bytes = 0;
  for (const part of parts) {
    const partBytes = Buffer.byteLength(JSON.stringify(part));
    const full =
      files + part.files.length > FILES_A_REQUEST ||
      bytes + partBytes > BYTES_A_REQUEST ||
      request.length >= FOLDERS_A_REQUEST;
    if (full && request.length > 0) {
      yield request;
      request = [];
      files = 0;
      bytes = 0;
    }
    request.push(part);
    files += part.files.length;
    bytes += partBytes;
  }
  if (request.length > 0) yield request;
}
