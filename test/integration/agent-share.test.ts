import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystemAttributes } from '@azure/storage-file-share';
import { afterEach, describe, expect, it } from 'vitest';
import { openSourceFile } from '../../agent/source/sourceFile.ts';
import { fromShareMetadata } from '../../shared/domain/shareMetadata.ts';
import { archives, cycle, lastOutcomes, put, startAgent, storedHashes, until } from '../support/agent.ts';
import { hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

const MIB = 1024 * 1024;

describe('agent: F7, the share throttles, is silent, refuses or is full', () => {
  it('F7 B22 throttling is waited out, whichever request it strikes', async () => {
    const archive = await open();
    for (const name of ['a.geo', 'b.geo', 'c.geo']) await put(archive, name, name);
    await put(archive, 'big.geo', Buffer.alloc(9 * MIB, 1));
    for (const operation of ['CreateFile', 'PutRange', 'SetFileMetadata', 'SetFileProperties'])
      archive.files.faults.add({ match: { operation }, action: { kind: 'throttle', status: 503 }, times: 2 });
    archive.files.faults.add({ action: { kind: 'throttle', status: 429 }, probability: 0.2, times: 10 });
    await cycle(archive, { settings: { tries: 12 } });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    expect(new Set(Object.values(lastOutcomes(archive)))).toEqual(new Set(['archived']));
  });

  it('F7 B22 Retry-After is honoured', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.files.faults.add({
      match: { method: 'PUT' },
      action: { kind: 'throttle', status: 503, retryAfterSeconds: 1 },
      times: 1,
    });
    const begun = performance.now();
    await cycle(archive);
    expect(performance.now() - begun).toBeGreaterThan(1000);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
  });

  it('F5 F7 a lost answer to the request that makes a file whole is no reason to write it again', async () => {
    const archive = await open();
    for (const name of ['a.geo', 'b.geo', 'c.geo']) await put(archive, name, name);
    await put(archive, 'big.geo', Buffer.alloc(9 * MIB, 1));
    archive.files.faults.add({
      match: { method: 'PUT' },
      action: { kind: 'loseAnswer' },
      times: 12,
      probability: 0.6,
    });
    await cycle(archive, { settings: { tries: 12 } });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('B23 a share that takes a request and never answers is given up on in time', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.files.faults.add({ match: { method: 'PUT' }, action: { kind: 'silence' }, times: 1 });
    await cycle(archive, { settings: { tryTimeoutSeconds: 1, tries: 10 } });
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
  });

  it('F7 a connection cut in the middle of a range is made good', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(20 * MIB, 5));
    const cut = { kind: 'disconnect', during: 'request', afterBytes: MIB } as const;
    archive.files.faults.add({ match: { operation: 'PutRange' }, action: cut, times: 3, skip: 1 });
    await cycle(archive);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F7 B22 resumes a half-written file by range in the next cycle', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(24 * MIB, 7));
    const fault = archive.files.faults.add({
      match: { operation: 'PutRange' },
      action: { kind: 'error', code: 'InternalError' },
      skip: 3,
    });
    await cycle(archive, { settings: { tries: 2 } });
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'share_unavailable' });
    archive.files.faults.remove(fault);
    await cycle(archive);
    const [, finished] = archive.plane.resultsOf('big.geo');
    expect(finished).toMatchObject({ outcome: 'archived', bytesSent: 12 * MIB });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F7 a half-written file that lost ranges the journal knows, as after a restore, gets them again', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(24 * MIB, 7));
    const fault = archive.files.faults.add({
      match: { operation: 'PutRange' },
      action: { kind: 'error', code: 'InternalError' },
      skip: 3,
    });
    await cycle(archive, { settings: { tries: 2 } });
    archive.files.faults.remove(fault);
    await archive.share.rootDirectoryClient.getFileClient('big.geo').clearRange(4 * MIB, 4 * MIB);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'archived' });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F15 files that the share refuses one by one, however many, hold up no other', async () => {
    const archive = await open();
    for (let number = 0; number < 30; number += 1) {
      const name = `${String(number)}.geo`;
      await put(archive, name, name, 9000);
      archive.files.faults.add({
        match: { operation: 'CreateFile', path: `/${name}$` },
        action: { kind: 'error', code: 'InvalidHeaderValue' },
      });
    }
    await put(archive, 'good.geo', 'good', 100);
    await cycle(archive, { settings: { concurrency: 1 } });
    expect(lastOutcomes(archive)).toMatchObject({ '0.geo': 'share_unavailable', 'good.geo': 'archived' });
  });

  it('F5 a half-written file that the journal does not know is written anew', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(9 * MIB, 7));
    await archive.share.rootDirectoryClient.createFile('big.geo', 9 * MIB, {
      fileAttributes: FileSystemAttributes.parse('Temporary'),
      metadata: { upload: 'another-agent' },
    });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'big.geo': 'archived' });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F5 B18 a whole file that carries no hash, as the late mark of a killed agent leaves it, is given the hash of its content', async () => {
    const archive = await open();
    for (const name of ['same.geo', 'other.geo']) {
      await put(archive, name, name);
      const content = Buffer.from(name === 'same.geo' ? name : 'else.geo.');
      const { fileClient } = await archive.share.rootDirectoryClient.createFile(name, content.length);
      await fileClient.uploadRange(content, 0, content.length);
      await fileClient.setProperties({ fileAttributes: FileSystemAttributes.parse('ReadOnly') });
    }
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({
      'same.geo': 'already_archived',
      'other.geo': 'archived_changed',
    });
    const recorded = async (name: string) => {
      const file = archive.share.rootDirectoryClient.getFileClient(name);
      return fromShareMetadata((await file.getProperties()).metadata ?? {})?.sha256;
    };
    expect(await recorded('same.geo')).toBe(createHash('sha256').update('same.geo').digest('hex'));
    expect(await recorded('other.geo')).toBeUndefined();
  });

  it('F5 B18 uploads wait for the last request of an agent that was killed: it finds nothing that was brought meanwhile', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    const { faults } = archive.files;
    const late = faults.add({
      match: { operation: 'SetFileProperties' },
      action: { kind: 'slow', delayMs: 2500 },
      times: 1,
    });
    const settings = { lateWriteSeconds: 3 };
    const killed = startAgent(archive, { settings });
    await until(() => faults.list().some(({ id, struck }) => id === late && struck > 0));
    await killed.stop();
    const lines = await cycle(archive, { settings });
    expect(lines.filter((line) => line.includes('Uploads were cut short before'))).toHaveLength(1);
    const { etag } = await archive.share.rootDirectoryClient.getFileClient('a.geo').getProperties();
    expect(archive.plane.told.findLast(({ path }) => path === 'a.geo')).toMatchObject({
      outcome: 'already_archived',
      etag,
    });
    await put(archive, 'b.geo', 'beta');
    // Nothing was cut short this time.
    expect((await cycle(archive, { settings })).join()).not.toContain('cut short');
    expect(lastOutcomes(archive)).toEqual({ 'b.geo': 'archived' });
  });

  it('F5 a file of the same content that somebody else brought is adopted, of other content left alone', async () => {
    const archive = await open();
    for (const name of ['same.geo', 'other.geo']) {
      await put(archive, name, name);
      await (
        await archive.share.rootDirectoryClient.createFile(name, 8)
      ).fileClient.uploadRange(name.slice(0, 8), 0, 8);
    }
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({
      'same.geo': 'already_archived',
      'other.geo': 'archived_changed',
    });
    expect((await storedHashes(archive)).size).toBe(3);
  });

  it('B20 B21 a SAS that ends in the middle of a file is renewed, and the file goes on', async () => {
    const archive = await open();
    await put(archive, 'big.geo', Buffer.alloc(32 * MIB, 9));
    for (let number = 0; number < 20; number += 1)
      await put(archive, `small/${String(number)}.geo`, String(number));
    archive.files.faults.add({
      match: { operation: 'PutRange' },
      action: { kind: 'sasExpired' },
      skip: 2,
      times: 3,
    });
    archive.files.faults.add({
      match: { operation: 'CreateFile' },
      action: { kind: 'sasExpired' },
      skip: 5,
      times: 4,
    });
    await cycle(archive);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    expect(new Set(Object.values(lastOutcomes(archive)))).toEqual(new Set(['archived']));
    // Files that failed together asked together.
    expect(
      archive.plane.heartbeats.filter(({ credentialExpiresAt }) => credentialExpiresAt === null).length,
    ).toBeLessThan(8);
  });

  it('B20 a renewed SAS that the disk does not take is used all the same', async () => {
    const archive = await open();
    archive.sasSeconds = -5;
    await cycle(archive);
    await put(archive, 'a.geo', 'alpha');
    mkdirSync(join(archive.state, 'state.dat.new'));
    archive.sasSeconds = 3600;
    const lines = await cycle(archive);
    expect(lines.join('')).toContain('The state could not be written');
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
  });

  it('B20 a SAS that has run out before the cycle begins is renewed too', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.sasSeconds = -5;
    const agent = startAgent(archive);
    await until(() => archive.plane.heartbeats.length > 0);
    archive.sasSeconds = 3600;
    await until(() => archive.plane.runs.some(({ status }) => status === 'complete'));
    await agent.stop();
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
  });

  it('F7 a share that was deleted is told by heartbeat, and fails its files', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    await archive.share.delete();
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'share_unavailable' });
    expect(archive.plane.heartbeats.at(-1)?.azureFilesStatus).toBe('unreachable');
  });

  it('S4 F7 a full share fails files one by one, says so by heartbeat, and is taken up again', async () => {
    const archive = await open();
    for (let number = 0; number < 40; number += 1)
      await put(archive, `${String(number)}.geo`, String(number));
    const fault = archive.files.faults.add({ match: { method: 'PUT' }, action: { kind: 'shareFull' } });
    await cycle(archive, { settings: { concurrency: 1 } });
    expect(new Set(Object.values(lastOutcomes(archive)))).toEqual(new Set(['share_unavailable']));
    expect(Object.keys(lastOutcomes(archive)).length).toBeLessThan(25);
    expect(archive.plane.runs[0]).toMatchObject({
      status: 'partial',
      error: expect.stringContaining('none of the last 20'),
    });
    expect(archive.plane.heartbeats.at(-1)?.azureFilesStatus).toBe('full');
    archive.files.faults.remove(fault);
    await cycle(archive);
    expect((await storedHashes(archive)).size).toBe(40);
  });

  it('F4 a file that takes longer than its budget is put off, and holds up no other', async () => {
    const archive = await open();
    await put(archive, 'slow.geo', Buffer.alloc(12 * MIB, 3), 5000);
    await put(archive, 'quick.geo', 'quick', 4000);
    const fault = archive.files.faults.add({
      match: { path: 'slow\\.geo$' },
      action: { kind: 'slow', delayMs: 60_000 },
    });
    const settings = { fileBudgetSeconds: 0.5, slowestBytesPerSecond: 1_000_000_000, tryTimeoutSeconds: 60 };
    await cycle(archive, { settings });
    expect(lastOutcomes(archive)).toEqual({ 'slow.geo': 'out_of_time', 'quick.geo': 'archived' });
    archive.files.faults.remove(fault);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'slow.geo': 'archived' });
  });

  it('F4 a file whose source hangs is put off when its budget ends, opened by nobody until that is over, and holds up no other', async () => {
    const archive = await open();
    for (const name of ['hangs.geo', 'quick.geo']) await put(archive, name, name);
    const [answer, closed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let opened = 0;
    const agent = startAgent(archive, {
      settings: { fileBudgetSeconds: 0.5, slowestBytesPerSecond: 1_000_000_000 },
      openSource: async (path) => {
        const source = await openSourceFile(path);
        if (!path.endsWith('hangs.geo')) return source;
        opened += 1;
        return {
          ...source,
          read: (into, offset) => answer.promise.then(() => source.read(into, offset)),
          close: () => source.close().then(() => closed.resolve(undefined)),
        };
      },
    });
    const runEnds = (outcome: string) =>
      until(
        () =>
          lastOutcomes(archive)['hangs.geo'] === outcome && archive.plane.runs.at(-1)?.status !== 'running',
      );
    const syncTo = async (outcome: string) => {
      archive.plane.commands = [{ commandId: `to-${outcome}`, kind: 'sync_now', jobId: null }];
      await runEnds(outcome);
    };
    await runEnds('out_of_time');
    expect(lastOutcomes(archive)).toEqual({ 'hangs.geo': 'out_of_time', 'quick.geo': 'archived' });
    expect(archive.plane.resultsOf('hangs.geo')[0]?.error).toContain('the source did not answer');
    await syncTo('locked');
    expect(opened).toBe(1);
    answer.resolve(undefined);
    await closed.promise;
    await syncTo('archived');
    await agent.stop();
  });

  it('F5 a service that takes no content with the create gets it by range', async () => {
    const archive = await open();
    for (const name of ['a.geo', 'b.geo', 'c.geo']) await put(archive, name, name);
    archive.files.faults.add({
      match: { operation: 'CreateFile' },
      action: { kind: 'error', code: 'InvalidHeaderValue' },
      times: 1,
    });
    await cycle(archive, { settings: { concurrency: 1 } });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('A1 no SAS and no key reaches the log, whatever goes wrong', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    for (const kind of ['sasExpired', 'loseAnswer'] as const)
      archive.files.faults.add({ action: { kind }, times: 2 });
    archive.plane.down = true;
    const agent = startAgent(archive);
    await until(() => agent.lines.some((line) => line.includes('server unreachable')));
    archive.plane.down = false;
    await until(() => archive.plane.runs.some(({ status }) => status === 'complete'));
    await agent.stop();
    expect(agent.lines.join('')).not.toMatch(/sig=(?!REDACTED)|dsa_/);
  });
});
