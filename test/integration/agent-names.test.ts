import { afterEach, describe, expect, it } from 'vitest';
import { archives, cycle, lastOutcomes, put, storedHashes } from '../support/agent.ts';
import { hashesBelow } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

describe('agent: F15, names that a share cannot hold, or only one of', () => {
  it('F15 B25 a folder whose name no path may have holds up no other', async () => {
    const archive = await open();
    for (const path of ['back\\slash/a.geo', 'c:/b.geo', 'good.geo']) await put(archive, path, 'x');
    await cycle(archive);
    const outcomes = {
      'back\\slash/a.geo': 'name_unsupported',
      'c:/b.geo': 'name_unsupported',
      'good.geo': 'archived',
    };
    expect(lastOutcomes(archive)).toEqual(outcomes);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({});
  });

  it('F15 B24 B25 B27 names that Azure Files cannot hold are reported once and never tried again (B28)', async () => {
    const archive = await open();
    const bad = [
      'a:b.geo',
      'a?.geo',
      'back\\slash.geo',
      'CON',
      'lpt1.txt',
      'dot.',
      'space ',
      'bell\u0007.geo',
      'c1\u0085.geo',
    ];
    for (const name of [...bad, 'good.geo', 'end./inside.geo']) await put(archive, name, 'x');
    await cycle(archive);
    const expected = Object.fromEntries(
      [...bad, 'end./inside.geo'].map((name) => [name, 'name_unsupported']),
    );
    expect(lastOutcomes(archive)).toEqual({ ...expected, 'good.geo': 'archived' });
    expect(archive.plane.runs[0]?.status).toBe('complete');
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({});
  });

  it('F15 B24 names to stumble over, but that Azure Files holds, arrive unharmed', async () => {
    const archive = await open();
    for (const name of [
      'R%26D.geo',
      'a b & #1 +.geo',
      'ü_\u{1F9EA}.geo',
      'e\u0301.geo',
      `${'n'.repeat(251)}.geo`,
      'x~1.geo',
      '..a',
    ])
      await put(archive, `odd/${name}`, name);
    await cycle(archive);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });

  it('F15 a name that is no valid Unicode is reported with its bytes escaped', async () => {
    const archive = await open();
    await put(archive, Buffer.from([0x61, 0xff, 0x2e, 0x67]), 'x');
    await put(archive, 'good.geo', 'x');
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a\\xff.g': 'name_not_unicode', 'good.geo': 'archived' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({});
  });

  it('F15 B26 of folders that differ only in case every file is archived but those whose names collide', async () => {
    const archive = await open();
    for (const name of ['D/b.geo', 'D/c.geo', 'd/B.geo', 'd/e.geo', 'D/sub/f.geo', 'd/Sub/g.geo'])
      await put(archive, name, `content of ${name}`);
    await cycle(archive);
    const outcomes = {
      'D/b.geo': 'archived',
      'D/c.geo': 'archived',
      'd/B.geo': 'name_case_conflict',
      'd/e.geo': 'archived',
      'D/sub/f.geo': 'archived',
      'd/Sub/g.geo': 'archived',
    };
    expect(lastOutcomes(archive)).toEqual(outcomes);
    await cycle(archive);
    await put(archive, 'd/late.geo', 'late');
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'd/late.geo': 'archived' });
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({});
    expect(archive.plane.runs.every(({ status }) => status === 'complete')).toBe(true);
    expect(archive.plane.invalid).toEqual([]);
    expect(await archive.stored()).toHaveLength(6);
  });

  it('F15 B26 of names that differ only in case one is archived and the others are conflicts', async () => {
    const archive = await open();
    for (const name of ['a.geo', 'A.geo', 'd/b.geo', 'D/b.geo', 'D/c.geo', 'file', 'FILE/inside.geo'])
      await put(archive, name, `content of ${name}`);
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({
      'A.geo': 'archived',
      'a.geo': 'name_case_conflict',
      'D/b.geo': 'archived',
      'D/c.geo': 'archived',
      'd/b.geo': 'name_case_conflict',
      file: 'name_case_conflict',
      'FILE/inside.geo': 'archived',
    });
    await cycle(archive);
    expect(archive.plane.runs.map(({ status }) => status)).toEqual(['complete', 'complete']);
    expect(lastOutcomes(archive)).toEqual({});
  });
});
