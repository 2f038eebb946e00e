import type fileSystem from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../logging/log.ts';
import { openJournal } from './journal.ts';

const disk = vi.hoisted(() => ({ bytesLeft: Number.POSITIVE_INFINITY }));

/** A disk that takes so many more bytes, and then says that it is full. */
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof fileSystem>();
  const { promisify } = await import('node:util');
  const writeSome = (handle: number, bytes: Buffer, offset: number) => {
    const fits = Math.min(bytes.length - offset, disk.bytesLeft);
    disk.bytesLeft -= fits;
    if (fits === 0) return Promise.reject(Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' }));
    return Promise.resolve({ bytesWritten: real.writeSync(handle, bytes, offset, fits) });
  };
  return { ...real, write: Object.assign(() => undefined, { [promisify.custom]: writeSome }) };
});

let stateFolder = '';
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'datasync-journal-'));
});
afterEach(() => {
  disk.bytesLeft = Number.POSITIVE_INFINITY;
  rmSync(stateFolder, { recursive: true });
});

const log = createLog({ level: 'error', format: 'json', write: () => undefined });
const run = (jobId: string) => ({ kind: 'run', jobId, correlationId: 'id' }) as const;

it('F6 a line that a full disk cut off does not spoil the next one', async () => {
  const journal = openJournal({ stateFolder, log });
  disk.bytesLeft = 20;
  await expect(journal.append([run('cut')])).rejects.toThrow('ENOSPC');
  disk.bytesLeft = Number.POSITIVE_INFINITY;
  await journal.append([run('kept')]);
  await journal.close();
  const again = openJournal({ stateFolder, log });
  expect([...again.contents.runs.keys()]).toEqual(['kept']);
  await again.close();
});
