import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scanHere, type ScanSource } from '../../agent/source/scan.ts';
import { archives, cycle, lastOutcomes, put } from '../support/agent.ts';
import { refusing } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

/** Scans as the agent does, but for one folder that the file system does not list. */
function unlisted(folder: string): ScanSource {
  return async function* scan(request) {
    for await (const step of scanHere(request))
      yield step.folder === folder ? { folder, error: 'EPERM: operation not permitted' } : step;
  };
}

describe('agent: a folder that cannot be listed', () => {
  it('F15 it is told as unreadable each time, and never as a file that was lost', async () => {
    const archive = await open();
    mkdirSync(join(archive.source, 'System Volume Information'));
    const scan = unlisted('System Volume Information');
    for (const name of ['first.geo', 'second.geo']) {
      await put(archive, name, name);
      // The server asks for the parent once more; then that is as it was, and nothing of it is looked at.
      for (let times = 0; times < 3; times += 1) await cycle(archive, { scan });
      expect(lastOutcomes(archive)).toEqual({ 'System Volume Information': 'unreadable' });
    }
    expect(archive.plane.told.map(({ outcome }) => outcome)).not.toContain('vanished');
  });

  it('F15 a folder of its name on the share does not keep its parent from being settled', async () => {
    const archive = await open();
    await archive.share.createDirectory('x');
    mkdirSync(join(archive.source, 'x'));
    await put(archive, 'first.geo', 'first');
    for (let times = 0; times < 3; times += 1) await cycle(archive, { scan: unlisted('x') });
    await put(archive, 'second.geo', 'second');
    for (let times = 0; times < 2; times += 1) await cycle(archive, { scan: unlisted('x') });
    archive.requests.length = 0;
    await cycle(archive, { scan: unlisted('x') });
    expect(archive.requests).toEqual([]);
  });

  it('F14 what waits in it is still told of: the backlog, its age and what the instrument deletes before it', async () => {
    const archive = await open({ sourceCap: 100 });
    for (const name of ['a.geo', 'b.geo']) await put(archive, `old/${name}`, name, 9000);
    await cycle(archive);
    for (const name of ['c.geo', 'd.geo', 'held.geo']) await put(archive, `today/${name}`, name, 600);
    await cycle(archive, { openSource: refusing('held.geo') });
    const told = () => {
      const [job] = archive.plane.heartbeats.at(-1)?.jobs ?? [];
      return { ...job, measuredSecondsAgo: null, uploadBytesPerSecond: null, uploadFilesPerHour: null };
    };
    const before = told();
    expect(before).toMatchObject({ sourceCount: 5, backlogCount: 1, purgeAhead: 2, producedLastHour: 3 });
    for (let times = 0; times < 2; times += 1) {
      await cycle(archive, { scan: unlisted('today') });
      expect(told()).toEqual(before);
    }
    await cycle(archive);
    expect(told()).toMatchObject({ sourceCount: 5, backlogCount: 0, purgeAhead: null });
  });
});
