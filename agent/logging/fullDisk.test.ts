import type fileSystem from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from './log.ts';
import { openLogFiles } from './logFiles.ts';

const disk = vi.hoisted(() => ({ bytesLeft: Number.POSITIVE_INFINITY, held: '' }));

/** A disk that takes so many more bytes, and then says that it is full; Windows, too, does not remove what somebody reads. */
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof fileSystem>();
  const writeSync = (handle: number, bytes: Buffer, offset: number) => {
    const fits = Math.min(bytes.length - offset, disk.bytesLeft);
    disk.bytesLeft -= fits;
    if (fits === 0) throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' });
    return real.writeSync(handle, bytes, offset, fits);
  };
  const removeUnlessHeld = (...[path, options]: Parameters<typeof fileSystem.rmSync>) => {
    if (disk.held !== '' && String(path).endsWith(disk.held))
      throw Object.assign(new Error('EBUSY: held'), { code: 'EBUSY' });
    real.rmSync(path, options);
  };
  return { ...real, writeSync, rmSync: removeUnlessHeld };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-logs-'));
});
afterEach(() => {
  disk.bytesLeft = Number.POSITIVE_INFINITY;
  disk.held = '';
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

it('F11 B37 an old file that cannot be removed costs no line, and the other old files go', () => {
  for (const name of ['agent-2026-11-06.log', 'agent-2026-11-07.log']) writeFileSync(join(folder, name), 'x');
  disk.held = 'agent-2026-11-06.log';
  const files = openLogFiles({ folder, now: () => new Date('2026-11-22T12:00:00.000Z') });
  files.write('{"level":"info","msg":"kept"}\n');
  files.close();
  expect(readdirSync(folder).sort()).toEqual(['agent-2026-11-06.log', 'agent-2026-11-22.log']);
  expect(readFileSync(join(folder, 'agent-2026-11-22.log'), 'utf8')).toContain('"kept"');
});
