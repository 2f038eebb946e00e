import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from './dataDirLock.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'azure-files-lock-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const lockPath = () => join(dataDir, '.azure-files.lock');

describe('the lock of a data folder', () => {
  it('L4 B46 is held by one, and free again when given back', () => {
    const unlock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(
      new RegExp(`process ${String(process.pid)} serves it already`),
    );
    unlock();
    lockDataDir(dataDir)();
  });

  it('L4 B46 is taken over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(lockPath(), JSON.stringify({ pid: child.pid, startedAt: '' }));
    expect(() => lockDataDir(dataDir)).toThrow(/serves it already/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockDataDir(dataDir)();
  });

  it('L4 B46 is not kept by a later process that happens to have the same number', () => {
    writeFileSync(lockPath(), JSON.stringify({ pid: process.pid, startedAt: 'an earlier boot:1' }));
    lockDataDir(dataDir)();
  });

  it('L4 B46 torn by a crash, is nobody’s', () => {
    writeFileSync(lockPath(), '{"pid":');
    lockDataDir(dataDir)();
  });
});
