import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ShareServiceClient } from '@azure/storage-file-share';
import { terminalText } from '../shared/domain/escaping/terminalText.ts';
import { quoted } from '../shared/domain/quoted.ts';
import { readArchive } from './verifying/archived.ts';
import { type Differences, findDifferences } from './verifying/differences.ts';
import { type Expected, expectedFromLedger, expectedFromSource } from './verifying/expected.ts';

const usage = `verify-archive (--source DIR | --ledger FILE) --share NAME [--path FOLDER] [--grace SECONDS]
               [--connection-string-file FILE | --data DIR] [--allow-unsupported-names]

Walks both sides, reads every byte and compares SHA-256. Exit code 0: equal; 1: a difference; 2: could not check.
The storage account is taken from --connection-string-file, AZURE_STORAGE_CONNECTION_STRING, or
local-credentials.json in the data folder (.data).`;

const EQUAL = 0;
const DIFFERENCE = 1;
const COULD_NOT_CHECK = 2;
/** Names listed of each kind of difference. */
const SHOWN = 100;

process.exitCode = await main().catch((error: unknown) => {
  console.error(
    `verify-archive: ${terminalText(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error))}`,
  );
  return COULD_NOT_CHECK;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      source: { type: 'string' },
      ledger: { type: 'string' },
      share: { type: 'string' },
      path: { type: 'string', default: '' },
      grace: { type: 'string', default: '0' },
      data: { type: 'string', default: '.data' },
      'connection-string-file': { type: 'string' },
      'allow-unsupported-names': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return EQUAL;
  }
  if (values.share === undefined || (values.source === undefined) === (values.ledger === undefined)) {
    console.error(usage);
    return COULD_NOT_CHECK;
  }
  const expected = await readExpected(values, Date.now() - Number(values.grace) * 1000);
  const service = ShareServiceClient.fromConnectionString(connectionString(values));
  const archived = await readArchive(
    service.getShareClient(values.share),
    values.path.replace(/^\/+|\/+$/g, ''),
  );
  const differences = findDifferences(expected.files, archived);
  return report(
    expected,
    archived.length,
    differences,
    values['allow-unsupported-names'] || values.ledger !== undefined,
  );
}

function readExpected(values: { source?: string; ledger?: string }, beforeMs: number): Promise<Expected> {
  if (!Number.isFinite(beforeMs)) throw new TypeError('reading --grace; wanted: a number of seconds');
  if (values.ledger !== undefined)
    return expectedFromLedger(present('--ledger', values.ledger, 'file'), beforeMs);
  return expectedFromSource(present('--source', values.source ?? '', 'folder'), beforeMs);
}

function present(flag: string, text: string, kind: 'file' | 'folder'): string {
  const path = resolve(text);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (kind === 'folder' ? stat?.isDirectory() : stat?.isFile()) return path;
  throw new Error(`${flag} is ${quoted(path)}; wanted: a ${kind} that is there`);
}

function connectionString(values: { data: string; 'connection-string-file'?: string }): string {
  const file = values['connection-string-file'];
  if (file !== undefined) return readFileSync(file, 'utf8').trim();
  const fromEnvironment = process.env['AZURE_STORAGE_CONNECTION_STRING'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  const local = resolve(values.data, 'local-credentials.json');
  if (!existsSync(local))
    throw new Error(
      `no storage account: ${local} is not there; wanted: AZURE_STORAGE_CONNECTION_STRING or --connection-string-file`,
    );
  const { files } = JSON.parse(readFileSync(local, 'utf8')) as { files?: { connectionString?: string } };
  if (files?.connectionString !== undefined && files.connectionString !== '') return files.connectionString;
  throw new Error(`no storage account: ${local} has no files.connectionString`);
}

function report(
  expected: Expected,
  archivedCount: number,
  differences: Differences,
  unsupportedAllowed: boolean,
): number {
  const kinds: [string, readonly string[]][] = [
    ['missing', differences.missing],
    ['different', differences.different],
    ['not whole', differences.notWhole],
    ['recorded with another hash', differences.misrecorded],
    ['archived twice', differences.duplicates],
  ];
  if (!unsupportedAllowed) kinds.push(['with a name that the share cannot hold', expected.unsupported]);
  for (const [kind, names] of kinds) list(kind, names);
  const count = kinds.reduce((sum, [, names]) => sum + names.length, 0);
  const verdict = count === 0 ? 'equal' : `${String(count)} differences`;
  const looked = `${String(expected.files.length)} files expected, ${String(archivedCount)} on the share`;
  console.log(`${verdict}: ${looked}, ${String(expected.unsupported.length)} with names that it cannot hold`);
  return count === 0 ? EQUAL : DIFFERENCE;
}

function list(kind: string, names: readonly string[]): void {
  // A name is foreign text: quoted, so that it can neither forge a line nor steer the terminal.
  for (const name of names.slice(0, SHOWN)) console.log(`${kind}: ${quoted(name)}`);
  if (names.length > SHOWN) console.log(`${kind}: and ${String(names.length - SHOWN)} more`);
}
