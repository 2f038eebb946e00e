import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { isWhole } from '../../shared/domain/wholeMark.ts';
import { archives, storedHashes } from '../support/agent.ts';
import { type ArchiveUnderTest, hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
const processes = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await closeAll();
});

const KILLS = 20;
const MIB = 1024 * 1024;

function start(archive: ArchiveUnderTest, once: boolean): ChildProcess {
  const flags = [
    '--server',
    archive.plane.url,
    '--state',
    archive.state,
    '--quiet-seconds',
    '0',
    '--heartbeat-seconds',
    '0.5',
  ];
  const child = spawn(process.execPath, ['agent/main.ts', ...flags, ...(once ? ['--once'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATASYNC_ENROL_POLL_SECONDS: '0.05', DATASYNC_LATE_WRITE_SECONDS: '0' },
  });
  processes.add(child);
  child.stdout.resume();
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  processes.delete(child);
}

/** Files appear whole, as an instrument's that renames when it is done; every seventh is large. */
async function produce(archive: ArchiveUnderTest, signal: AbortSignal): Promise<number> {
  const beside = join(archive.folder, 'writing');
  let count = 0;
  for (; !signal.aborted; count += 1) {
    const folder = join(archive.source, `2026-11-${String(10 + (count % 3))}`);
    await mkdir(folder, { recursive: true });
    await writeFile(beside, randomBytes(count % 7 === 6 ? 13 * MIB + count : 20_000 + count));
    await rename(beside, join(folder, `scan_${String(count)}.geo`));
    await sleep(150);
  }
  return count;
}

describe('agent: killed at random moments', () => {
  it(`F4 F5 F7 B18 ${String(KILLS)} kills −9 end with equality on both sides, each file once and whole`, async () => {
    const archive = await open({ scheduleSeconds: 5 });
    const enough = new AbortController();
    const production = produce(archive, enough.signal);
    for (let number = 0; number < KILLS; number += 1) {
      const child = start(archive, false);
      // From the first moments of a start to the middle of a cycle.
      await sleep(200 + Math.random() * 2500);
      await kill(child);
    }
    enough.abort();
    expect(await production).toBeGreaterThan(50);
    const [exitCode] = (await once(start(archive, true), 'exit')) as [number];
    expect(exitCode).toBe(0);
    const source = await hashesBelow(archive.source);
    expect(await storedHashes(archive)).toEqual(source);
    expect((await archive.stored()).every(({ attributes }) => isWhole(attributes))).toBe(true);
    const indexed = [...archive.plane.index.values()].map(({ archivedPath, sha256 }) => [
      archivedPath,
      sha256,
    ]);
    expect(new Map(indexed as [string, string][])).toEqual(source);
    expect(archive.plane.invalid).toEqual([]);
  });
});
