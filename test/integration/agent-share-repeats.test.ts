import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { archives, cycle, lastOutcomes, put, startAgent, storedHashes, until } from '../support/agent.ts';
import { type ArchiveUnderTest, hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

const MIB = 1024 * 1024;

const asked = ({ requests }: ArchiveUnderTest, name: string): string[] =>
  requests.filter(({ path }) => path.endsWith(`/${name}`)).map(({ operation }) => operation);

describe('agent: what is done again on the share, and what is not', () => {
  it('F5 F7 a create whose answer was lost is looked for before it is repeated: no whole file is written to', async () => {
    const archive = await open();
    for (const [age, name] of ['first.geo', 'b.geo', 'c.geo'].entries())
      await put(archive, name, name, 9000 - age);
    archive.files.faults.add({
      match: { path: '/[bc]\\.geo$', operation: 'CreateFile' },
      action: { kind: 'loseAnswer' },
    });
    await cycle(archive, { settings: { concurrency: 1 } });
    // The first create shows that the service takes content; the others are whole with theirs.
    for (const name of ['b.geo', 'c.geo'])
      expect(asked(archive, name).filter((operation) => operation !== 'GetFileProperties')).toEqual([
        'CreateFile',
      ]);
    expect(new Set(Object.values(lastOutcomes(archive)))).toEqual(new Set(['archived']));
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F5 F7 a whole mark whose answer was lost is looked for before it is repeated', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(9 * MIB, 1));
    archive.files.faults.add({ match: { operation: 'SetFileProperties' }, action: { kind: 'loseAnswer' } });
    await cycle(archive);
    const operations = asked(archive, 'big.geo');
    expect(operations.slice(operations.indexOf('SetFileProperties'))).toEqual([
      'SetFileProperties',
      'GetFileProperties',
    ]);
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'archived' });
  });

  it('F5 F7 the content of a large file that somebody else brought is read range by range, each with its repeats', async () => {
    const archive = await open();
    const content = Buffer.alloc(11 * MIB, 5);
    await put(archive, 'foreign.geo', content);
    await archive.share.rootDirectoryClient.getFileClient('foreign.geo').uploadData(content);
    const before = asked(archive, 'foreign.geo').length;
    const match = { operation: 'GetFile' };
    archive.files.faults.add({ match, action: { kind: 'throttle' }, skip: 1, times: 1 });
    archive.files.faults.add({
      match,
      action: { kind: 'disconnect', during: 'answer', afterBytes: MIB },
      skip: 1,
      times: 1,
    });
    archive.files.faults.add({ match, action: { kind: 'silence' }, skip: 1, times: 1 });
    await cycle(archive, { settings: { tryTimeoutSeconds: 1, tries: 10 } });
    expect(lastOutcomes(archive)).toEqual({ 'foreign.geo': 'already_archived' });
    expect(asked(archive, 'foreign.geo').slice(before)).not.toContain('PutRange');
  });

  it('F5 F7 a file is not begun anew where a write that was never answered may still arrive', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(9 * MIB, 1));
    const silence = {
      match: { operation: 'PutRange' },
      action: { kind: 'silence' },
      skip: 1,
      times: 1,
    } as const;
    archive.files.faults.add(silence);
    const agent = startAgent(archive, {
      settings: { tries: 1, tryTimeoutSeconds: 4, lateWriteSeconds: 120 },
    });
    const told = (number: number) => archive.plane.resultsOf('big.geo')[number];
    await until(() => archive.plane.runs.some(({ status }) => status === 'partial' || status === 'failed'));
    await writeFile(join(archive.source, 'big.geo'), Buffer.alloc(9 * MIB, 2));
    const changed = new Date(Date.now() - 60_000);
    await utimes(join(archive.source, 'big.geo'), changed, changed);
    const before = asked(archive, 'big.geo').length;
    archive.plane.commands = [{ commandId: 'c-1', kind: 'sync_now', jobId: null }];
    await until(() => told(1) !== undefined);
    expect(told(1)).toMatchObject({
      outcome: 'share_unavailable',
      error: expect.stringContaining('may still arrive'),
    });
    expect(new Set(asked(archive, 'big.geo').slice(before))).toEqual(new Set(['GetFileProperties']));
    await agent.stop();
  });

  it('F5 B18 what another job brought to the place of an upload that was cut keeps its mark', async () => {
    const archive = await open();
    await put(archive, 'sub/big.geo', Buffer.alloc(9 * MIB, 1));
    const inner = {
      ...archive.job,
      jobId: 'inner',
      sourcePath: join(archive.source, 'sub'),
      sharePath: 'sub',
    };
    const match = { operation: 'PutRange' };
    archive.files.faults.add({ match, action: { kind: 'error', code: 'InternalError' }, skip: 1, times: 1 });
    await cycle(archive, { settings: { tries: 1 } });
    expect(lastOutcomes(archive)).toEqual({ 'sub/big.geo': 'share_unavailable' });
    archive.plane.setJobs([inner]);
    const agent = startAgent(archive);
    await until(() => archive.plane.resultsOf('big.geo').length > 0);
    expect(archive.plane.resultsOf('big.geo')[0]?.outcome).toBe('archived');
    await agent.stop();
    const before = asked(archive, 'big.geo').length;
    archive.plane.setJobs([archive.job]);
    const again = startAgent(archive);
    await until(() => archive.plane.resultsOf('sub/big.geo').length > 1);
    expect(archive.plane.resultsOf('sub/big.geo')[1]?.outcome).toBe('already_archived');
    await again.stop();
    expect(asked(archive, 'big.geo').slice(before)).not.toContain('SetFileProperties');
  });

  describe('a create that was given up and is carried out after its repeat', () => {
    /** It comes two seconds after its repeat; `operation` takes longer. */
    async function lateCreate(
      operation: 'PutRange' | 'SetFileMetadata',
      settings: { lateWriteSeconds: number },
    ) {
      const archive = await open();
      await put(archive, 'big.geo', Buffer.alloc(9 * MIB, 1));
      const { faults } = archive.files;
      const slow = (what: string, delayMs: number) =>
        faults.add({ match: { operation: what }, action: { kind: 'slow', delayMs }, times: 1 });
      slow('CreateFile', 4500);
      slow(operation, 2200);
      return { archive, faults, options: { settings: { tryTimeoutSeconds: 2.5, ...settings } } };
    }
    const emptied = {
      outcome: 'share_unavailable',
      error: expect.stringContaining('came late and emptied it') as string,
    };
    const attributes = async ({ share }: ArchiveUnderTest) =>
      (await share.rootDirectoryClient.getFileClient('big.geo').getProperties()).fileAttributes;
    const lastTold = (archive: ArchiveUnderTest) => archive.plane.resultsOf('big.geo').at(-1);

    it('F5 F7 empties no file unnoticed that is still being sent, however late it comes', async () => {
      // As though it had been given up so long ago that nobody remembers.
      const { archive, options } = await lateCreate('PutRange', { lateWriteSeconds: 0 });
      await cycle(archive, options);
      expect(lastTold(archive)).toMatchObject(emptied);
      expect(await attributes(archive)).toContain('Temporary');
      await cycle(archive, options);
      expect(lastTold(archive)).toMatchObject({ outcome: 'archived' });
      expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    });

    it('F5 F7 leaves no file whole that it emptied, though the agent could not look once more', async () => {
      const { archive, faults, options } = await lateCreate('SetFileMetadata', { lateWriteSeconds: 4 });
      // Looks: what has the name, what the ranges went to, and once more.
      faults.add({
        match: { operation: 'GetFileProperties' },
        action: { kind: 'error', code: 'InternalError' },
        skip: 2,
        times: 2,
      });
      await cycle(archive, { settings: { ...options.settings, tries: 2 } });
      expect(lastTold(archive)?.error).toContain('looking at big.geo on the share: 500');
      expect(await attributes(archive)).toContain('ReadOnly');
      await cycle(archive, options);
      expect(lastTold(archive)).toMatchObject(emptied);
      await cycle(archive, options);
      expect(lastTold(archive)).toMatchObject({ outcome: 'archived' });
      expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    });
  });
});
