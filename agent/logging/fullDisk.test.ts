import type fileSystem from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from './log.ts';
import { openLogFiles } from './logFiles.ts';

const disk = vi.hoisted(() => ({ bytesLeft: Number.POSITIVE_INFINITY }));

/** A disk that takes so many more bytes, and then says that it is full. */
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof fileSystem>();
  const writeSync = (handle: number, bytes: Buffer, offset: number) => {
    const fits = Math.min(bytes.length - offset, disk.bytesLeft);
    disk.bytesLeft -= fits;
    if (fits === 0) throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' });
    return real.writeSync(handle, bytes, offset, fits);
  };
  return { ...real, writeSync };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-logs-'));
});
afterEach(() => {
  disk.bytesLeft = Number.POSITIVE_INFINITY;
  rmSync(folder, { recursive: true });
});

it('B37 a full disk costs lines, which are counted, and never the agent’s work', () => {
  const written: string[] = [];
  const log = createLog({ level: 'info', format: 'json', write: (line) => written.push(line) });
  const files = openLogFiles({ folder, now: () => new Date() });
  log.keepIn(files.write);
  log.info('before');
  disk.bytesLeft = 30;
  for (let n = 0; n < 50; n += 1) log.warn({ n }, 'The disk is full');
  disk.bytesLeft = Number.POSITIVE_INFINITY;
  log.info('there is room again');
  files.close();
  const [name] = readdirSync(folder);
  const lines = readFileSync(join(folder, name ?? ''), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'before' });
  expect(lines[1]).toBe(written[1]?.slice(0, 30));
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({ level: 'warn', dropped: 50 });
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ msg: 'there is room again' });
  // Whoever keeps the process's output has every line.
  expect(written).toHaveLength(52);
});
