import { afterEach, describe, expect, it } from 'vitest';
import { isWhole } from '../../shared/domain/wholeMark.ts';
import { archives, cycle, lastOutcomes, put, startAgent, storedHashes, until } from '../support/agent.ts';
import { hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

describe('agent', () => {
  it('F1 F4 F5 enrols, archives what stands on the source whole, and reports it', async () => {
    const archive = await open();
    await put(archive, '2026-11-20/a.geo', 'alpha');
    await put(archive, '2026-11-20/b.geo', Buffer.alloc(9_000_000, 7));
    await put(archive, 'empty.geo', '');
    await cycle(archive);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    const stored = await archive.stored();
    expect(stored.every(({ attributes }) => isWhole(attributes))).toBe(true);
    expect(stored.map(({ metadata, sha256 }) => metadata['sha256'] === sha256)).toEqual([true, true, true]);
    expect(archive.plane.runs.map(({ status }) => status)).toEqual(['complete']);
    expect(archive.plane.invalid).toEqual([]);
  });

  it('F5 keeps the source time on the share and in the result, in whole milliseconds', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    await cycle(archive);
    const [stored] = await archive.stored();
    const [result] = archive.plane.resultsOf('a.geo');
    expect(stored?.lastWriteMs).toBe(result?.mtimeMs);
    expect(Number.isInteger(result?.mtimeMs)).toBe(true);
  });

  it('F4 P2 records an idle run when nothing changed, asking only one digest a folder', async () => {
    const archive = await open();
    await put(archive, 'd/a.geo', 'alpha');
    await cycle(archive);
    await cycle(archive);
    archive.files.faults.add({ action: { kind: 'shareFull' } });
    await cycle(archive);
    expect(archive.plane.runs.map(({ status, results }) => [status, results.size])).toEqual([
      ['complete', 1],
      ['complete', 0],
      ['complete', 0],
    ]);
  });

  it('F3 archives only what include and exclude globs leave, without regard to case', async () => {
    const archive = await open({ include: ['**/*.geo'], exclude: ['tmp/**'] });
    for (const path of ['a.GEO', 'tmp/b.geo', 'c.txt']) await put(archive, path, path);
    await cycle(archive);
    expect([...(await storedHashes(archive)).keys()]).toEqual(['a.GEO']);
  });

  it('F3 archives below the share path of the job', async () => {
    const archive = await open({ sharePath: 'instruments/argo 1' });
    await put(archive, 'd/a.geo', 'alpha');
    await cycle(archive);
    expect([...(await storedHashes(archive)).keys()]).toEqual(['instruments/argo 1/d/a.geo']);
    expect(archive.plane.resultsOf('d/a.geo').map(({ archivedPath }) => archivedPath)).toEqual(['d/a.geo']);
  });

  it('F2 tells gauges, clock and credential by heartbeat', async () => {
    const archive = await open({ sourceCap: 500 });
    await put(archive, 'a.geo', 'alpha');
    const agent = startAgent(archive);
    await until(() => archive.plane.heartbeats.some(({ jobs }) => jobs[0]?.sourceCount === 1));
    await until(() => archive.plane.heartbeats.at(-1)?.credentialExpiresAt !== null);
    await agent.stop();
    const last = archive.plane.heartbeats.at(-1);
    expect(last).toMatchObject({
      status: 'stopping',
      azureFilesStatus: 'ok',
      jobs: [{ sourceBytes: 5, sourceCap: 500, measuredSecondsAgo: expect.any(Number) }],
    });
    expect(archive.plane.invalid).toEqual([]);
  });

  it('F10 starts a cycle at once when told to, and acknowledges the command', async () => {
    const archive = await open();
    const agent = startAgent(archive);
    await until(() => archive.plane.runs.some(({ status }) => status === 'complete'));
    await put(archive, 'late.geo', 'late');
    archive.plane.commands = [{ commandId: 'command-1', kind: 'sync_now', jobId: archive.job.jobId }];
    await until(() => archive.plane.resultsOf('late.geo').length > 0);
    await until(() => archive.plane.commands.length === 0);
    await agent.stop();
    expect(archive.plane.runs.map(({ trigger }) => trigger)).toEqual(['start', 'command']);
  });

  it('F3 does not sync a paused job, and goes on when the pause ends', async () => {
    const archive = await open({ pausedReason: 'the source looks empty' });
    await put(archive, 'a.geo', 'alpha');
    const agent = startAgent(archive);
    await until(() => archive.plane.heartbeats.length > 2);
    expect(archive.plane.runs).toEqual([]);
    archive.plane.setJobs([{ ...archive.job, pausedReason: null, configVersion: 2 }]);
    await until(() => archive.plane.runs.some(({ status }) => status === 'complete'));
    await agent.stop();
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
  });

  it('F16 B30 reports a missing source as the run’s error and concludes nothing from it', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    await cycle(archive);
    archive.plane.setJobs([{ ...archive.job, sourcePath: `${archive.source}-gone`, configVersion: 2 }]);
    const agent = startAgent(archive);
    await until(() => archive.plane.runs.some(({ error }) => error?.includes('it is not there') ?? false));
    await agent.stop();
    expect((await archive.stored()).map(({ path }) => path)).toEqual(['a.geo']);
  });
});
