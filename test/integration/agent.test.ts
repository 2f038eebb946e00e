import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runAgent } from '../../agent/agent.ts';
import { parseConfiguration } from '../../agent/configuration/configuration.ts';
import { createLog } from '../../agent/logging/log.ts';
import { isWhole } from '../../shared/domain/wholeMark.ts';
import { type ArchiveUnderTest, hashesBelow, startArchive } from '../support/archive.ts';

const opened: ArchiveUnderTest[] = [];
afterEach(async () => {
  for (const archive of opened.splice(0)) await archive.close();
});

async function open(job: Parameters<typeof startArchive>[0] = {}): Promise<ArchiveUnderTest> {
  const archive = await startArchive(job);
  opened.push(archive);
  return archive;
}

async function write(
  archive: ArchiveUnderTest,
  path: string,
  content: string | Buffer,
  ageSeconds = 3600,
): Promise<void> {
  const file = join(archive.source, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  const time = new Date(Math.floor(Date.now() / 1000) * 1000 - ageSeconds * 1000);
  await utimes(file, time, time);
}

const lines: string[] = [];
function cycle(archive: ArchiveUnderTest, settings: Record<string, unknown> = {}): Promise<void> {
  const configuration = parseConfiguration({
    server: archive.plane.url,
    state: archive.state,
    quietSeconds: 0,
    enrolPollSeconds: 0.05,
    heartbeatSeconds: 0.5,
    retryBaseMs: 5,
    ...settings,
  });
  const log = createLog({
    level: 'debug',
    format: 'line',
    write: (line) => void (process.env['SHOW'] ? process.stderr.write(line) : lines.push(line)),
  });
  return runAgent({ configuration, once: true, log, signal: new AbortController().signal });
}

describe('agent', () => {
  it('F1 F4 F5 enrols, archives what stands on the source whole, and reports it', async () => {
    const archive = await open();
    await write(archive, '2026-11-20/a.geo', 'alpha');
    await write(archive, '2026-11-20/b.geo', Buffer.alloc(9_000_000, 7));
    await write(archive, 'empty.geo', '');
    await cycle(archive);
    const stored = await archive.stored();
    expect(new Map(stored.map(({ path, sha256 }) => [path, sha256]))).toEqual(
      await hashesBelow(archive.source),
    );
    expect(stored.every(({ attributes }) => isWhole(attributes))).toBe(true);
    expect(archive.plane.runs.map(({ status }) => status)).toEqual(['complete']);
    expect(archive.plane.invalid).toEqual([]);
  });
});
