import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { archives, cycle, lastOutcomes, put } from '../support/agent.ts';
import type { ArchiveUnderTest } from '../support/archive.ts';
import { refusing } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

/** Leaves out `*.tmp` from now on; an agent that runs once may hear of it only at its end. */
async function leaveOut(archive: ArchiveUnderTest, waiting: string): Promise<void> {
  archive.plane.setJobs([{ ...archive.job, exclude: ['**/*.tmp', '*.tmp'], configVersion: 2 }]);
  await cycle(archive, { openSource: refusing(waiting) });
}

describe('agent: a job that is configured anew while files wait', () => {
  it.each(['waiting.tmp', 'folder/waiting.tmp'])(
    'F14 %s, which no longer belongs to it, is not lost: it stands where it was',
    async (path) => {
      const archive = await open();
      for (const name of ['kept.geo', path]) await put(archive, name, name);
      await cycle(archive, { openSource: refusing('waiting.tmp') });
      await leaveOut(archive, 'waiting.tmp');
      await cycle(archive);
      const outcomes = archive.plane.resultsOf(path).map(({ outcome }) => outcome);
      expect(new Set(outcomes)).toEqual(new Set(['locked']));
    },
  );

  it('F14 one that does belong to it, and that is deleted meanwhile, is lost', async () => {
    const archive = await open();
    for (const name of ['kept.geo', 'waiting.geo']) await put(archive, name, name);
    await cycle(archive, { openSource: refusing('waiting.geo') });
    await leaveOut(archive, 'waiting.geo');
    rmSync(join(archive.source, 'waiting.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'waiting.geo': 'vanished' });
  });

  it('F14 one that does belong to it, and whose whole folder is deleted while the job is paused, is lost', async () => {
    const archive = await open();
    for (const name of ['kept.geo', 'folder/waiting.geo']) await put(archive, name, name);
    await cycle(archive, { openSource: refusing('waiting.geo') });
    const heard = async (job: Partial<JobConfiguration>) => {
      archive.plane.setJobs([{ ...archive.job, exclude: ['*.tmp'], ...job }]);
      // An agent that runs once may hear of it only at its end.
      for (let times = 0; times < 2; times += 1)
        await cycle(archive, { openSource: refusing('waiting.geo') });
    };
    await heard({ pausedReason: 'new filters', configVersion: 2 });
    rmSync(join(archive.source, 'folder'), { recursive: true });
    await heard({ pausedReason: null, configVersion: 3 });
    expect(archive.plane.resultsOf('folder/waiting.geo').at(-1)?.outcome).toBe('vanished');
  });
});
