import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { factsCollector, type ScannedFolder } from './scannedFolder.ts';
import { sourceTimeMs } from './sourceFile.ts';

/** What a decoder puts where bytes are no valid UTF-8; a name with it is looked at byte by byte. */
const REPLACEMENT = '\uFFFD';

/**
 * Reads one folder and stats every file of it. Links, pipes and devices are not files and are left out. Synchronous:
 * in Node a stat in one go costs a tenth of an asynchronous one. Throws what the file system throws for the folder.
 */
export function readFolder(root: string, folder: string): ScannedFolder {
  const directory = directoryOf(root, folder);
  const entries = readdirSync(directory, { withFileTypes: true });
  const folders: string[] = [];
  const names: string[] = [];
  const notUnicode: string[] = [];
  const collector = factsCollector(entries.length);
  const badNames = entries.some((entry) => entry.name.includes(REPLACEMENT))
    ? namesNotUnicode(directory)
    : undefined;
  for (const entry of entries) {
    if (badNames?.shown.has(entry.name)) continue;
    if (entry.isDirectory()) folders.push(entry.name);
    else if (entry.isFile() || isOfUnknownType(entry)) {
      const stat = lstatSync(`${directory}/${entry.name}`, { throwIfNoEntry: false });
      // Gone between listing and stat: the next look finds out what became of it.
      if (stat?.isFile() !== true) continue;
      names.push(entry.name);
      collector.add(stat.size, sourceTimeMs(stat.mtimeMs), stat.ctimeMs, stat.ino);
    }
  }
  if (badNames !== undefined) notUnicode.push(...badNames.escaped);
  return { folder, names, facts: collector.collected(), folders: folders.sort(), notUnicode };
}

/** Where a folder of a source lies; `''` is the source itself. */
export function directoryOf(root: string, folder: string): string {
  return folder === '' ? root : `${root}/${folder}`;
}

/** Some file systems do not say what an entry is. */
function isOfUnknownType(entry: Dirent): boolean {
  return (
    !entry.isSymbolicLink() &&
    !entry.isFIFO() &&
    !entry.isSocket() &&
    !entry.isBlockDevice() &&
    !entry.isCharacterDevice()
  );
}

/** Names that are no valid UTF-8: as the decoder shows them, and with their bytes escaped. */
function namesNotUnicode(directory: string): { shown: Set<string>; escaped: string[] } {
  const shown = new Set<string>();
  const escaped: string[] = [];
  for (const bytes of readdirSync(directory, { encoding: 'buffer' })) {
    const text = bytes.toString('utf8');
    if (Buffer.from(text, 'utf8').equals(bytes)) continue;
    shown.add(text);
    escaped.push(escapeBytes(bytes));
  }
  return { shown, escaped: escaped.sort() };
}

function escapeBytes(bytes: Buffer): string {
  return [...bytes]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}
