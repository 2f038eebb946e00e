import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldLedger } from './ledger.ts';
import { expectLedgerMatchesFolder, standingOn } from './ledgerMatchesFolder.ts';

const main = join(import.meta.dirname, 'main.ts');
let root: string;
let running: ChildProcess[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleet-main-'));
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

async function startMain(...more: string[]): Promise<ChildProcess> {
  const args = [main, '--dir', root, '--count', '2', '--rate', '600', '--cap', '60', ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(line).toBe(`Fleet is producing: 2 instruments below ${root}`);
  return child;
}

/** Files that are being written now: they stand on the source and not in the ledger. */
async function countUnfinished(instrument: string): Promise<number> {
  const files = await foldLedger(join(root, 'ledger', `${instrument}.jsonl`));
  const finished = [...files.values()].filter(({ gone }) => gone === undefined);
  return standingOn(join(root, instrument)).length - finished.length;
}

async function expectLedgersMatchFolders(): Promise<void> {
  for (const name of ['ARGO1', 'ARGO2']) {
    await expectLedgerMatchesFolder({
      dir: join(root, name),
      ledgerPath: join(root, 'ledger', `${name}.jsonl`),
    });
  }
}

describe('local/fleet/main.ts', () => {
  it('L1 produces until SIGTERM, finishes what it is writing and exits 0', async () => {
    const child = await startMain();
    while ((await countUnfinished('ARGO1')) === 0) await sleep(20);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expectLedgersMatchFolders();
  });

  it('L1 B18 after kill −9 in the middle of files, the next start has each of them in its ledger', async () => {
    const killed = await startMain();
    while ((await countUnfinished('ARGO2')) < 3) await sleep(20);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(await countUnfinished('ARGO2')).toBeGreaterThan(0);
    const child = await startMain();
    child.kill('SIGTERM');
    await once(child, 'exit');
    await expectLedgersMatchFolders();
  });

  it('L1 says which option is wrong and how to call it, and exits 2', () => {
    const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
    const wrong = run('--dir', root, '--rate', 'fast');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/--rate is "fast"; wanted a number.*\nusage: --dir DIR/u);
    expect(run().stderr).toContain('--dir is missing');
    expect(run('--spee', '3').status).toBe(2);
  });
});
