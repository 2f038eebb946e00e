import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { archives, cycle, lastOutcomes, put } from '../support/agent.ts';
import { meddling } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

describe('agent: a file that is gone before it was archived', () => {
  it('F15 a file that goes seconds after it was written, between the look and its opening, is no loss', async () => {
    const archive = await open();
    for (const name of ['kept.geo', 'passing.geo']) await put(archive, name, name);
    const passing = meddling('passing.geo', { onOpen: () => rmSync(join(archive.source, 'passing.geo')) });
    await cycle(archive, { openSource: passing, settings: { quietSeconds: 30 } });
    expect(lastOutcomes(archive)).toEqual({
      'kept.geo': 'still_writing',
      'passing.geo': 'vanished_unfinished',
    });
  });

  it('F14 B12 one that was finished while it waited for its turn, and goes then, is lost', async () => {
    const archive = await open();
    for (const name of ['kept.geo', 'lost.geo']) await put(archive, name, name);
    const pause = new Int32Array(new SharedArrayBuffer(4));
    // Young when it was looked at, and quiet for long enough when its turn came.
    const late = meddling('lost.geo', {
      onOpen: () => {
        const path = join(archive.source, 'lost.geo');
        while (Date.now() - statSync(path).ctimeMs < 1000) Atomics.wait(pause, 0, 0, 50);
        rmSync(path);
      },
    });
    await cycle(archive, { openSource: late, settings: { quietSeconds: 1 } });
    expect(lastOutcomes(archive)['lost.geo']).toBe('vanished');
  });

  it.each(['there', 'away'])(
    'F14 B12 files that were finished since, and then waited for a share until the instrument deleted them, are lost (server %s)',
    async (server) => {
      const archive = await open();
      const names = Array.from({ length: 40 }, (_, index) => `f${String(index + 10)}.geo`);
      for (const name of names) await put(archive, name, name);
      await cycle(archive, { settings: { quietSeconds: 30 } });
      expect(new Set(Object.values(lastOutcomes(archive)))).toEqual(new Set(['still_writing']));
      // They are quiet by now, but the share takes nothing: after a few the rest is not even tried.
      const fault = archive.files.faults.add({ action: { kind: 'throttle', status: 503 } });
      archive.plane.down = server === 'away';
      await cycle(archive);
      for (const name of names) rmSync(join(archive.source, name));
      archive.files.faults.remove(fault);
      archive.plane.down = false;
      await cycle(archive);
      const outcomes = lastOutcomes(archive);
      expect(names.filter((name) => outcomes[name] !== 'vanished')).toEqual([]);
    },
  );

  it.each([
    [20, 'vanished'],
    [1000, 'vanished_unfinished'],
  ] as const)(
    'F14 B12 a file seen unfinished before the agent was away for long is lost if the instrument may have come to delete it (cap %i)',
    async (sourceCap, outcome) => {
      const archive = await open({ sourceCap });
      await put(archive, 'seen.geo', 'half', 7200);
      await cycle(archive, { settings: { quietSeconds: 30 } });
      rmSync(join(archive.source, 'seen.geo'));
      for (let number = 10; number < 30; number += 1)
        await put(archive, `${String(number)}.geo`, 'x', 5000 - number);
      await cycle(archive);
      expect(lastOutcomes(archive)['seen.geo']).toBe(outcome);
    },
  );
});
