import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { archives, cycle, lastOutcomes, put, type RunningAgent, startAgent } from '../support/agent.ts';
import type { ArchiveUnderTest } from '../support/archive.ts';
import { meddling, refusing } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

/** What the agent remembers now; calling the result gives it that memory again, as a kill before its next line leaves it. */
function remembered({ folder, state, plane }: ArchiveUnderTest): () => void {
  const saved = join(folder, 'saved');
  cpSync(state, saved, { recursive: true });
  const indexed = [...plane.index];
  return () => {
    rmSync(state, { recursive: true });
    cpSync(saved, state, { recursive: true });
    plane.index.clear();
    for (const [path, result] of indexed) plane.index.set(path, result);
    plane.told.length = 0;
  };
}

/** What was told since, of one file: outcome, size and where it stands on the share. */
function told({ plane }: ArchiveUnderTest, path: string) {
  return plane.told
    .filter((result) => result.path === path)
    .map(({ outcome, sizeBytes, archivedPath }) => [outcome, sizeBytes, archivedPath]);
}

describe('agent: what a cycle found out and did not come to tell', () => {
  it.each(['lost.geo', 'folder/lost.geo'])(
    'F14 B12 %s, gone while the share does not answer, is not forgotten: it is lost once the share has said so',
    async (path) => {
      const archive = await open();
      for (const name of ['kept.geo', path]) await put(archive, name, name);
      await cycle(archive, { openSource: refusing('lost.geo') });
      rmSync(join(archive.source, path.split('/')[0] ?? ''), { recursive: true });
      const fault = archive.files.faults.add({ action: { kind: 'throttle', status: 503 } });
      await cycle(archive);
      expect(archive.plane.told.filter(({ outcome }) => outcome === 'vanished')).toEqual([]);
      archive.files.faults.remove(fault);
      await cycle(archive);
      expect(lastOutcomes(archive)[path]).toBe('vanished');
      await cycle(archive);
      expect(lastOutcomes(archive)).toEqual({});
    },
  );

  it.each(['waiting.geo', 'folder/waiting.geo'])(
    'F14 B12 %s, first seen by a cycle that ended in the middle, and deleted before the next, is lost',
    async (path) => {
      const archive = await open();
      await put(archive, 'first.geo', 'first', 7200);
      await put(archive, path, 'waiting');
      const running: { agent?: RunningAgent } = {};
      const ending = meddling('first.geo', { onOpen: () => void running.agent?.stop() });
      running.agent = startAgent(archive, { openSource: ending, settings: { concurrency: 1 } });
      await running.agent.ended;
      rmSync(join(archive.source, path.split('/')[0] ?? ''), { recursive: true });
      await cycle(archive);
      expect(lastOutcomes(archive)[path]).toBe('vanished');
    },
  );

  it('F6 F15 a file brought to the share by a process that was killed before it told anybody is indexed, though it is gone and was last seen unfinished', async () => {
    const archive = await open();
    await put(archive, 'brought.geo', 'brought');
    await cycle(archive, { settings: { quietSeconds: 30 } });
    const killed = remembered(archive);
    await cycle(archive);
    killed();
    rmSync(join(archive.source, 'brought.geo'));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'brought.geo': 'already_archived' });
    expect([...archive.plane.index.keys()]).toEqual(['BROUGHT.GEO']);
  });

  it('F5 F6 so is one that was changed since: both its states are told', async () => {
    const archive = await open();
    await cycle(archive);
    const killed = remembered(archive);
    await put(archive, 'changed.geo', 'one');
    await cycle(archive);
    killed();
    await put(archive, 'changed.geo', 'another', 1800);
    await cycle(archive);
    expect(told(archive, 'changed.geo')).toEqual([
      ['already_archived', 3, 'changed.geo'],
      ['archived_changed', 7, expect.stringMatching(/^changed~/)],
    ]);
  });
});

describe('agent: what a process that was killed has kept beside a file, and told nobody', () => {
  /** An archive in which a second state of this file was kept beside the first by a process that was killed then. */
  async function keptBeside(path: string): Promise<ArchiveUnderTest> {
    const archive = await open({ sharePath: 'Job' });
    await put(archive, path, 'one');
    await cycle(archive);
    await put(archive, path, 'another', 1800);
    await cycle(archive, { openSource: refusing('changed.b.geo') });
    const killed = remembered(archive);
    await cycle(archive);
    expect(told(archive, path).at(-1)).toEqual(['archived_changed', 7, expect.stringContaining('~')]);
    killed();
    return archive;
  }
  const beside = ['already_archived', 7, expect.stringMatching(/(^|\/)changed\.b~\d+-[0-9a-f]{8}\.geo$/)];

  it.each(['changed.b.geo', 'Folder/changed.b.geo'])(
    'F5 F14 %s, deleted from the source meanwhile, is not lost',
    async (path) => {
      const archive = await keptBeside(path);
      rmSync(join(archive.source, path.split('/')[0] ?? ''), { recursive: true });
      await cycle(archive);
      expect(told(archive, path)).toEqual([beside]);
    },
  );

  it('F5 F14 one of the same time and another size is not taken for it: the file is lost', async () => {
    const archive = await keptBeside('changed.b.geo');
    await put(archive, 'changed.b.geo', 'a third one', 1800);
    await cycle(archive, { openSource: refusing('changed.b.geo') });
    rmSync(join(archive.source, 'changed.b.geo'));
    archive.plane.told.length = 0;
    await cycle(archive);
    expect(told(archive, 'changed.b.geo')).toEqual([beside, ['vanished', 11, null]]);
  });

  it('F5 F6 of a file that changed once more, every state is told, however often its agent is killed', async () => {
    const archive = await keptBeside('changed.b.geo');
    await put(archive, 'changed.b.geo', 'a third one', 900);
    const running: { agent?: RunningAgent } = {};
    running.agent = startAgent(archive, {
      openSource: meddling('changed.b.geo', { onOpen: () => void running.agent?.stop() }),
    });
    await running.agent.ended;
    await cycle(archive);
    expect(told(archive, 'changed.b.geo')).toEqual([
      ['already_archived', 3, 'changed.b.geo'],
      beside,
      ['archived_changed', 11, expect.stringContaining('~')],
    ]);
  });

  it('F6 F14 while the share does not answer, none is forgotten', async () => {
    const archive = await keptBeside('changed.b.geo');
    await put(archive, 'changed.b.geo', 'a third one', 900);
    const fault = archive.files.faults.add({ action: { kind: 'throttle', status: 503 } });
    await cycle(archive);
    rmSync(join(archive.source, 'changed.b.geo'));
    await cycle(archive);
    archive.files.faults.remove(fault);
    archive.plane.told.length = 0;
    await cycle(archive);
    expect(told(archive, 'changed.b.geo')).toEqual([beside, ['vanished', 11, null]]);
  });
});
