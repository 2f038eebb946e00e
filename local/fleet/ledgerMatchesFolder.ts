import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { foldLedger, type LedgerFile } from './ledger.ts';

/** Paths below an instrument's source folder, in bytes. */
export function standingOn(dir: string): Buffer[] {
  return readdirSync(dir).flatMap((day) =>
    readdirSync(join(dir, day), { encoding: 'buffer' }).map((name) =>
      Buffer.concat([Buffer.from(`${day}/`), name]),
    ),
  );
}

/** The one promise of the simulator: what its ledger says stands on the source stands there, and nothing else. */
export async function expectLedgerMatchesFolder({
  dir,
  ledgerPath,
}: {
  dir: string;
  ledgerPath: string;
}): Promise<LedgerFile[]> {
  const files = [...(await foldLedger(ledgerPath)).values()];
  const standing = files.filter(({ gone }) => gone === undefined);
  const inOrder = (paths: Buffer[]) => paths.map((path) => path.toString('latin1')).sort();
  expect(inOrder(standing.map(bytesOf))).toEqual(inOrder(standingOn(dir)));
  for (const file of standing) {
    const content = readFileSync(Buffer.concat([Buffer.from(`${dir}/`), bytesOf(file)]));
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(file.versions.at(-1)).toMatchObject({ sizeBytes: content.length, sha256 });
  }
  return files;
}

function bytesOf({ path, pathHex }: LedgerFile): Buffer {
  return pathHex === undefined ? Buffer.from(path) : Buffer.from(pathHex, 'hex');
}
