import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FileSystemAttributes } from '@azure/storage-file-share';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditJob } from '../../agent/audit/auditJob.ts';
import { runAudit } from '../../agent/audit/command.ts';
import { exitCodeOf, type JobFindings } from '../../agent/audit/findings.ts';
import { archives, cycle, lastOutcomes, put, startAgent, until } from '../support/agent.ts';
import { type ArchiveUnderTest, hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
let archive: ArchiveUnderTest;
beforeEach(async () => {
  archive = await open();
});
afterEach(closeAll);

async function audit(flags: readonly string[] = [], now = Date.now) {
  const printed = { out: '', err: '' };
  const exitCode = await runAudit({
    argv: ['--state', archive.state, ...flags],
    env: {},
    out: (text) => (printed.out += text),
    err: (text) => (printed.err += text),
    now,
  });
  const found =
    flags.includes('--json') && printed.out !== '' ? (JSON.parse(printed.out) as Report) : undefined;
  return { exitCode, ...printed, job: found?.jobs[0], report: found };
}
interface Report {
  readonly verdict: string;
  readonly exitCode: number;
  readonly jobs: readonly JobFindings[];
}

const at = (path: string) => join(archive.source, path);
const paths = (files: readonly { path: string }[] | undefined) => files?.map(({ path }) => path);

async function removeFromShare(path: string): Promise<void> {
  const file = archive.share.rootDirectoryClient.getFileClient(path);
  await file.setProperties({ fileAttributes: FileSystemAttributes.parse('None') });
  await file.delete();
}

/** Changes a file's bytes and gives it back its size and time. */
function changeInPlace(path: string, content: string): void {
  const { mtime, atime } = statSync(at(path));
  writeFileSync(at(path), content);
  utimesSync(at(path), atime, mtime);
}

describe('agent audit: F13', () => {
  it('F13 an archived source is equal, beside a running agent too, and nothing is written', async () => {
    for (const path of ['a.geo', 'day/b.geo', 'day/Zoë 日本.geo', 'empty.geo'])
      await put(archive, path, path === 'empty.geo' ? '' : path);
    const agent = startAgent(archive);
    await until(() => archive.plane.runs.some(({ status }) => status === 'complete'));
    const share = await archive.stored();
    const requests = archive.plane.runs.length;
    const { exitCode, out } = await audit(['--hash']);
    expect(out).toContain(`4 equal, 0 missing, 0 different, 0 extra`);
    expect(out).toMatch(/verdict: equal\n$/);
    expect(exitCode).toBe(0);
    expect(archive.plane.runs).toHaveLength(requests);
    await agent.stop();
    const state = await hashesBelow(archive.state);
    expect((await audit(['--hash'])).exitCode).toBe(0);
    expect(await hashesBelow(archive.state)).toEqual(state);
    expect(await archive.stored()).toEqual(share);
  });

  it('F13 lists what is missing, different and extra, whatever the state index says', async () => {
    for (const path of ['a.geo', 'b.geo', 'c.geo', 'd.geo', 'gone.geo']) await put(archive, path, path);
    await cycle(archive);
    await removeFromShare('a.geo');
    await removeFromShare('b.geo');
    await archive.share.rootDirectoryClient.getFileClient('b.geo').create(5);
    await put(archive, 'c.geo', 'other content', 1800);
    await put(archive, 'new\n\u001b[2Jmissing: "d.geo"\u202e', 'x');
    rmSync(at('gone.geo'));
    const { exitCode, job } = await audit(['--json', '--grace', '0']);
    expect(exitCode).toBe(1);
    expect(job).toMatchObject({
      equal: 1,
      missing: [
        { path: 'a.geo', reason: 'nothing on the share' },
        { path: 'b.geo', reason: 'begun on the share, not finished' },
      ],
      different: [{ path: 'c.geo', reason: '13 bytes on the source, 5 on the share' }],
      extra: [{ path: 'gone.geo', reason: 'not on the source' }],
    });
    const { out } = await audit(['--grace', '0']);
    expect(out.split('\n').slice(0, 4)).toEqual([
      'missing: "a.geo": nothing on the share',
      'missing: "b.geo": begun on the share, not finished',
      'different: "c.geo": 13 bytes on the source, 5 on the share',
      'extra: "gone.geo": not on the source',
    ]);
    expect(out).toContain('the share cannot hold the name: "new\\n\\u001b[2J');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(out).toMatch(/verdict: differences\n$/);
  });

  it('F13 what the instrument has purged is extra and no difference, unless that is asked for', async () => {
    await put(archive, 'a.geo', 'a');
    await put(archive, 'day/old.geo', 'b');
    await cycle(archive);
    rmSync(at('day'), { recursive: true });
    const { exitCode, job } = await audit(['--json']);
    expect([exitCode, paths(job?.extra)]).toEqual([0, ['day/old.geo']]);
    expect((await audit(['--strict'])).exitCode).toBe(1);
  });

  it('F13 files still being written, left out, or with odd names are told apart from missing ones', async () => {
    archive.plane.setJobs([{ ...archive.job, exclude: ['**/*.tmp', '*.tmp'], configVersion: 2 }]);
    await put(archive, 'a.geo', 'a');
    await put(archive, 'Twin.geo', '1');
    await put(archive, 'twin.geo', '2');
    await cycle(archive);
    await put(archive, 'now.geo', 'x', 1);
    await put(archive, 'scratch.tmp', 'x');
    await put(archive, 'trailing.', 'x');
    await put(archive, Buffer.from([0x66, 0xff]), 'x');
    const { exitCode, job } = await audit(['--json']);
    expect(job).toMatchObject({ equal: 2, missing: [], different: [], extra: [], unreadable: [] });
    expect(job?.stillWriting).toEqual(['now.geo']);
    expect(job?.excluded).toEqual(['scratch.tmp']);
    expect(paths(job?.unsupported)).toEqual(['f\\xff', 'trailing.', 'twin.geo']);
    expect(exitCode).toBe(0);
    expect(paths((await audit(['--json', '--grace', '0'])).job?.missing)).toEqual(['now.geo']);
  });

  it('F13 --hash finds what size and time hide, and says nothing of what is equal', async () => {
    await put(archive, 'a.geo', 'the content');
    await put(archive, 'large.geo', Buffer.alloc(5 * 1024 * 1024, 1));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived', 'large.geo': 'archived' });
    expect((await audit(['--hash', '--grace', '0'])).out).toMatch(/2 equal.*\nverdict: equal\n$/);
    changeInPlace('a.geo', 'THE CONTENT');
    expect((await audit(['--grace', '0'])).exitCode).toBe(0);
    const { exitCode, job } = await audit(['--hash', '--json', '--grace', '0']);
    expect(exitCode).toBe(1);
    expect(job?.different).toEqual([{ path: 'a.geo', reason: 'the content is not what was archived' }]);
  });

  it('F13 a file that was only touched, or is kept beside its older content, is equal', async () => {
    const long = `${'n'.repeat(245)}.geo`;
    await put(archive, 'touched.geo', 'same');
    await put(archive, 'changed.geo', 'one');
    await put(archive, long, 'one');
    await cycle(archive);
    await put(archive, 'touched.geo', 'same', 1800);
    await put(archive, 'changed.geo', 'two', 1800);
    await put(archive, long, 'three', 1800);
    expect(paths((await audit(['--json', '--grace', '0'])).job?.different)).toEqual(['changed.geo', long]);
    await cycle(archive);
    for (const flags of [['--json'], ['--json', '--hash']]) {
      const { exitCode, job } = await audit(flags);
      expect(job).toMatchObject({ equal: 3, missing: [], different: [], earlierVersions: 1 });
      expect(exitCode).toBe(0);
    }
  });

  it('F13 audits the job that was asked for', async () => {
    const other = { ...archive.job, jobId: 'job-2', name: 'other', sharePath: 'below/other' };
    archive.plane.setJobs([archive.job, { ...other, sourcePath: join(archive.folder, 'second') }]);
    mkdirSync(join(archive.folder, 'second'));
    writeFileSync(join(archive.folder, 'second/x.geo'), 'x');
    utimesSync(join(archive.folder, 'second/x.geo'), 1, 1);
    await put(archive, 'a.geo', 'a');
    await cycle(archive);
    const all = await audit(['--json']);
    expect(all.report?.jobs.map(({ name, equal, extra }) => [name, equal, paths(extra)])).toEqual([
      ['archive', 1, ['below/other/x.geo']],
      ['other', 1, []],
    ]);
    const one = await audit(['--json', '--job', 'other']);
    expect(one.report?.jobs).toMatchObject([{ jobId: 'job-2', share: 'runner-1/below/other' }]);
    const none = await audit(['--job', 'third']);
    expect(none).toMatchObject({ exitCode: 2, out: '' });
    expect(none.err).toContain('"third" is not known; wanted: one of "archive", "other"');
  });
});

describe('agent audit fails: F13', () => {
  it('F13 with 2, and a sentence that says what is wanted', async () => {
    await put(archive, 'a.geo', 'a');
    await cycle(archive);
    const late = await audit([], () => Date.now() + 25 * 3_600_000);
    expect(late.exitCode).toBe(2);
    expect(late.err).toMatch(/the credential ended at .*wanted: let the agent run/);
    renameSync(archive.source, `${archive.source}.away`);
    const away = await audit();
    expect(away.exitCode).toBe(2);
    expect(away.err).toMatch(/scanning the source .*: it is not there/);
    renameSync(`${archive.source}.away`, archive.source);
    archive.files.faults.add({ match: {}, action: { kind: 'sasExpired' } });
    const refused = await audit();
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toContain('the credential was refused');
    expect(refused.err).not.toMatch(/sig=(?!REDACTED)/);
    writeFileSync(join(archive.state, 'state.dat'), 'rubbish');
    expect((await audit()).exitCode).toBe(2);
    expect(readdirSync(archive.state)).not.toContain('state.dat.unreadable');
    expect(readFileSync(join(archive.state, 'state.dat'), 'utf8')).toBe('rubbish');
  });

  it('F13 a file that cannot be read is no equal file', async () => {
    await put(archive, 'a.geo', 'a');
    await put(archive, 'held.geo', 'b');
    await cycle(archive);
    const found = await auditJob(archive.job, {
      listShare: async () => [],
      look: async () => undefined,
      openSource: () =>
        Promise.reject(Object.assign(new Error('EBUSY: held'), { code: 'EBUSY', syscall: 'open' })),
      now: Date.now,
      quietMs: 0,
      hashes: true,
    });
    // Without a copy there is nothing to compare it with: it need not be read to be missing.
    expect(paths(found.missing)).toEqual(['a.geo', 'held.geo']);
    const sha256 = createHash('sha256').update('a').digest('hex');
    const copy = {
      sizeBytes: 1,
      whole: true,
      temporary: false,
      facts: { sha256, sizeBytes: 1, mtimeMs: 1 },
      uploadId: undefined,
      stamp: { etag: '"1"', modifiedAt: new Date() },
      createdMs: 1,
    };
    const held = await auditJob(archive.job, {
      listShare: async () => [],
      look: async () => copy,
      openSource: () =>
        Promise.reject(Object.assign(new Error('EBUSY: held'), { code: 'EBUSY', syscall: 'open' })),
      now: Date.now,
      quietMs: 0,
      hashes: true,
    });
    expect(held.unreadable).toEqual([
      { path: 'a.geo', reason: 'EBUSY: held' },
      { path: 'held.geo', reason: 'EBUSY: held' },
    ]);
    expect(exitCodeOf(held, false)).toBe(2);
  });
});
