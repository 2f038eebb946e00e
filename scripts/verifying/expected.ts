import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { foldLedger, type LedgerFile } from '../../local/fleet/ledger.ts';
import { shareNameFault } from '../../shared/domain/names.ts';

/** A file that the share must hold. */
export interface ExpectedFile {
  /** Below the job's source. */
  readonly path: string;
  readonly sha256: string;
  /** Names that differ only in case: it is enough that one of them is there. */
  readonly alternatives: readonly { readonly path: string; readonly sha256: string }[];
}

export interface Expected {
  readonly files: readonly ExpectedFile[];
  /** Names that Azure Files cannot hold, with why. */
  readonly unsupported: readonly string[];
}

/** Reads every file below a folder; those changed after `beforeMs` are still settling and are left out. */
export async function expectedFromSource(folder: string, beforeMs: number): Promise<Expected> {
  const files: ExpectedFile[] = [];
  const unsupported: string[] = [];
  for (const bytes of await filesBelow(Buffer.from(folder))) {
    const file = Buffer.concat([Buffer.from(`${folder}/`), bytes]);
    const path = bytes.toString('utf8');
    const { mtimeMs, ctimeMs } = await stat(file);
    if (Math.max(mtimeMs, ctimeMs) > beforeMs) continue;
    const fault = Buffer.from(path).equals(bytes) ? shareNameFault(path) : 'the name is no valid Unicode';
    if (fault === undefined) files.push({ path, sha256: await hashOf(file), alternatives: [] });
    else unsupported.push(`${JSON.stringify(path)}: ${fault}`);
  }
  return { files, unsupported };
}

/** Names below a folder as bytes, `/` between components; links are no files. */
async function filesBelow(root: Buffer, below = Buffer.alloc(0)): Promise<Buffer[]> {
  const folder = below.length === 0 ? root : Buffer.concat([root, Buffer.from('/'), below]);
  const found: Buffer[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const path = below.length === 0 ? entry.name : Buffer.concat([below, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) found.push(...(await filesBelow(root, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

async function hashOf(file: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Reads a simulator's ledger: every file that it finished before `beforeMs` must be there in its last version, whether
 * it still stands or was purged over the cap. Not those that vanished or were renamed within seconds.
 */
export async function expectedFromLedger(ledger: string, beforeMs: number): Promise<Expected> {
  const known = await foldLedger(ledger);
  const files: ExpectedFile[] = [];
  const unsupported: string[] = [];
  for (const file of known.values()) {
    const last = file.versions.at(-1);
    if (last === undefined || Date.parse(last.finishedAt) > beforeMs) continue;
    if (file.gone === 'vanished' || file.gone === 'renamed') continue;
    const twin = last.twin === undefined ? undefined : known.get(last.twin);
    if (file.expect === 'refused') unsupported.push(JSON.stringify(file.path));
    else if (file.expect === 'archived' || twin !== undefined)
      files.push({ path: file.path, sha256: last.sha256, alternatives: versionsOf(twin) });
  }
  return { files, unsupported };
}

function versionsOf(file: LedgerFile | undefined): ExpectedFile['alternatives'] {
  return file?.versions.map(({ path, sha256 }) => ({ path, sha256 })) ?? [];
}
