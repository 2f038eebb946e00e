import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleet } from '../../shared/contract/fleet.ts';
import { isRunning, runPlatform, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { type Ran, runAudit, runScript } from '../support/scripts.ts';
import { syncToolHere } from '../support/sync-tool.ts';

/** Patience for things that take seconds on an idle machine. */
const patience = { interval: 500 };

let folder = '';
let sourceDir = '';
let dataDir = '';
let platform: TestPlatform;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasync-whole-'));
  sourceDir = join(folder, 'a real folder');
  dataDir = join(folder, 'data');
  await mkdir(join(sourceDir, '2026-11-20', 'Messung 7'), { recursive: true });
  await put('top.dat', 'at the top');
  await put('2026-11-20/empty.dat', '');
  await put('2026-11-20/Messung 7/übung #1 %.dat', 'deep');
  await put('2026-11-20/large.bin', 'x'.repeat(9 * 1024 * 1024 + 17));
  platform = await startTestPlatform({ dataDir, sourceDir });
});
afterAll(async () => {
  // It is not there when the first start failed.
  await (platform as TestPlatform | undefined)?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** A file that has been quiet for an hour. */
async function put(path: string, content: string): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  await writeFile(join(sourceDir, path), content);
  await utimes(join(sourceDir, path), hourAgo, hourAgo);
}

async function archivedCount(): Promise<number | undefined> {
  const { runners } = await platform.client.call(fleet, {});
  return runners.flatMap(({ jobs }) => jobs)[0]?.archivedCount;
}

async function shareName(): Promise<string> {
  const { runners } = await platform.client.call(fleet, {});
  const job = runners.find(({ jobs }) => jobs.length > 0)?.jobs[0];
  if (job === undefined) throw new Error('the source has no runner and job yet');
  return job.shareName;
}

const verified = async (): Promise<Ran> =>
  runScript('verify-archive', ['--source', sourceDir, '--share', await shareName(), '--data', dataDir]);

describe('npm start -- --source DIR', () => {
  it('L1 A1 A2 is healthy, and shows its fleet to nobody without credentials', async () => {
    const health = await fetch(`${platform.url}/api/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'healthy', database: 'connected' });
    expect((await fetch(`${platform.url}/api/fleet`)).status).toBe(401);
    expect((await fetch(`${platform.url}/api/diag/fleet`)).status).toBe(401);
    const headers = { 'x-ci-secret': platform.credentials.ciSecret };
    const diag = await fetch(`${platform.url}/api/diag/fleet`, { headers });
    expect(diag.status).toBe(200);
    expect(await diag.json()).toHaveProperty('runners');
    const page = await fetch(platform.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html') as string,
    ]);
  });

  it('L1 prints its address and the sign-in', () => {
    const { email, password } = platform.credentials.operator;
    for (const part of [platform.url, email, password]) expect(platform.output()).toContain(part);
  });

  it('L1 F5 archives the folder whole, and what comes into it later', async () => {
    await expect.poll(archivedCount, patience).toBe(4);
    await put('2026-11-20/later.dat', 'later');
    await expect.poll(archivedCount, patience).toBe(5);
    expect(await verified()).toMatchObject({ code: 0 });
  });

  it('S11 the audit script says 0 when all is well, and 2 when it could not ask', async () => {
    const { url, credentials } = platform;
    await expect.poll(async () => (await runAudit(url, credentials.ciSecret)).code, patience).toBe(0);
    const wrong = await runAudit(url, 'not the secret of this platform');
    expect(wrong).toMatchObject({ code: 2, output: expect.stringContaining('401') as string });
    expect((await runAudit('http://127.0.0.1:9', credentials.ciSecret)).code).toBe(2);
  });

  it('F9 W1 W6 an operator’s reconcile, ordered from a terminal, travels the real queue to its end', async () => {
    const { runners } = await platform.client.call(fleet, {});
    const [runner] = runners;
    const [job] = runner?.jobs ?? [];
    if (runner === undefined || job === undefined) throw new Error('the source has no runner and job');
    const env = { DATASYNC_URL: platform.url, DATASYNC_TOKEN: platform.credentials.operator.token };
    const order = ['reconcile', runner.runnerId, job.jobId, '--dry-run', '--wait', '--json'];
    const { code, out } = await syncToolHere(order, { env });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      run: { syncType: 'reconcile', status: 'complete', jobId: job.jobId },
      result: { whole: 5, unchanged: 5, added: 0, missing: 0 },
    });
    expect((await syncToolHere(['reconcile', runner.runnerId, 'no-job'], { env })).code).toBe(4);
  });

  it('F3 the fleet is written into a seed file, and seeding from it makes and sets what the file says', async () => {
    const { url, credentials } = platform;
    const env = { DATASYNC_URL: url, DATASYNC_TOKEN: credentials.operator.token };
    const seedJobs = (...args: string[]) => runScript('seed-jobs', args, env);
    const exported = await seedJobs('--export');
    const file = join(folder, 'fleet.json');
    await writeFile(file, exported.output);
    expect(await seedJobs(file, '--dry-run')).toEqual({
      code: 0,
      output: '0 changes, 1 runners as they were, 0 refused\n',
    });
    const { runners } = JSON.parse(exported.output) as { runners: [{ shareName: string }] };
    const { shareName: taken } = runners[0];
    const more = {
      runners: [
        { runnerId: 'new', group: 'Hall \u001b[2JA' },
        { runnerId: 'twin', shareName: taken },
      ],
    };
    await writeFile(file, JSON.stringify(more));
    const seeded = await seedJobs(file);
    expect(seeded.code).toBe(1);
    expect(seeded.output).toMatch(
      /^created {2}group Hall .*A\ncreated {2}runner new\nrefused {2}runner twin /,
    );
    expect(seeded.output).not.toContain('\u001b');
    expect(await seedJobs('--approve')).toEqual({ code: 0, output: '0 expected\n' });
    await writeFile(file, '{"runners":[{"runnerId":"../x","odd":1}]}');
    const refused = await seedJobs(file);
    expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('runners.0.runnerId')]);
  });

  it('L1 refuses a second platform on the same data folder, and does the first no harm', async () => {
    const second = await runPlatform(['--port', '0', '--data', dataDir, '--fleet', '0']);
    expect(second.code).toBe(1);
    expect(second.output).toContain(`in use by process ${String(platform.pids()['platform'])}`);
    expect((await fetch(`${platform.url}/api/health`)).status).toBe(200);
  });

  it('L1 comes back after kill −9 with everything it knew, at once', async () => {
    const before = platform;
    const share = await shareName();
    await platform.killAll();
    platform = await startTestPlatform({ dataDir, sourceDir });
    expect(platform.credentials.operator).toEqual(before.credentials.operator);
    expect(await archivedCount()).toBe(5);
    expect(await shareName()).toBe(share);
    await put('after the kill.dat', 'and on it goes');
    await expect.poll(archivedCount, patience).toBe(6);
    expect(await verified()).toMatchObject({ code: 0 });
  });

  it('L1 SIGTERM ends every part and then itself, with exit code 0; all of it is there at the next start', async () => {
    await endsWhole('SIGTERM');
    platform = await startTestPlatform({ dataDir, sourceDir });
    expect(await archivedCount()).toBe(6);
  });

  // The last test here: nobody needs the platform after it.
  it('L1 SIGINT ends every part and then itself, with exit code 0', () => endsWhole('SIGINT'));

  async function endsWhole(signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    const pids = Object.values(platform.pids());
    expect(pids.length).toBeGreaterThan(4);
    expect(await platform.stop(signal)).toEqual({ code: 0, signal: null });
    for (const pid of pids) await expect.poll(() => isRunning(pid), patience).toBe(false);
  }
});

describe('npm start', () => {
  it.each([
    [['--prot', '7071']],
    [['--port', 'http']],
    [['--port', '70000']],
    [['--fleet', '-1']],
    [['--fleet', '2.5']],
    [['--rate', 'fast']],
    [['start']],
  ])('L1 %j is refused with exit code 2 and what was wanted', async (args) => {
    const { code, output } = await runPlatform(args);
    expect(code).toBe(2);
    expect(output).toContain('npm start -- [--port');
    expect(output).not.toMatch(/\bat .*\.ts:\d+/);
  });

  it('L1 a source that is no folder is refused before anything starts', async () => {
    const { code, output } = await runPlatform([
      '--data',
      join(folder, 'unused'),
      '--source',
      join(folder, 'nowhere'),
    ]);
    expect(code).toBe(2);
    expect(output).toContain(join(folder, 'nowhere'));
  });

  it('L1 a port that somebody else has is said in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const { code, output } = await runPlatform(['--port', String(port), '--data', join(folder, 'unused')]);
      expect(code).toBe(1);
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(output).toContain(`port ${String(port)}`);
    } finally {
      taken.close();
    }
  });

  it('L1 --help says how', async () => {
    expect(await runPlatform(['--help'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('--source DIR') as string,
    });
  });
});
