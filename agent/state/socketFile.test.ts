import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdSocketFile, type SocketFile } from './socketFile.ts';

let folder: string;
beforeEach(() => {
  // As deep as no socket's address may be.
  folder = mkdtempSync(join(tmpdir(), `datasync-${'x'.repeat(120)}-`));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => readdirSync(join(folder, 'lock'));

/** A process that holds the folder, as one in another container would: it shares nothing with us but the files. */
async function holder() {
  const module = pathToFileURL(join(import.meta.dirname, 'socketFile.ts')).href;
  const program = `const { holdSocketFile } = await import(${JSON.stringify(module)});
    const held = await holdSocketFile(${JSON.stringify(folder)});
    console.log(typeof held === 'string' ? held : 'holds');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { said: said.toString().trim(), child };
}

async function held(): Promise<SocketFile> {
  const lock = await holdSocketFile(folder);
  if (typeof lock === 'string') throw new Error(lock);
  return lock;
}

describe('holdSocketFile', () => {
  it('F1 B48 one process holds the folder, and another when it has let go', async () => {
    const lock = await held();
    expect(await holdSocketFile(folder)).toBe('taken');
    await lock.release();
    expect(files()).toEqual([]);
    await (await held()).release();
  });

  it('F1 B46 a holder killed with −9 leaves nothing that would keep the next one out', async () => {
    const { said, child } = await holder();
    expect(said).toBe('holds');
    expect(await holdSocketFile(folder)).toBe('taken');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(files()).toHaveLength(1);
    await (await held()).release();
    expect(files()).toEqual([]);
  });

  it('F1 B46 of many that begin at once, beside a dead holder’s file, exactly one gets the folder', async () => {
    const { child } = await holder();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    for (let times = 0; times < 20; times += 1) {
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => holdSocketFile(folder)));
      const winners = outcomes.filter((outcome) => typeof outcome !== 'string');
      expect(winners).toHaveLength(1);
      for (const winner of winners) await winner.release();
    }
  });

  it('F1 B46 of processes that begin at once exactly one gets the folder', async () => {
    const holders = await Promise.all([holder(), holder(), holder(), holder()]);
    expect(holders.filter(({ said }) => said === 'holds')).toHaveLength(1);
    for (const { child } of holders) child.kill('SIGKILL');
  });
});
