import { expect, it } from 'vitest';
import { archiveFile } from './archiveFile.ts';
import { trackInFlight } from './inFlight.ts';
import type { ArchiveTools } from './tools.ts';

it('F5 lets one upload at a time write to a place on the share, whichever job it is of', () => {
  const inFlight = trackInFlight(120_000, () => 0);
  expect(inFlight.claim('RAW/A.GEO')).toBe(true);
  expect(inFlight.claim('RAW/A.GEO')).toBe(false);
  expect(inFlight.claim('RAW/B.GEO')).toBe(true);
  inFlight.release('RAW/A.GEO');
  expect(inFlight.claim('RAW/A.GEO')).toBe(true);
});

it('F5 a file whose place another job writes to is skipped and tried again', async () => {
  const inFlight = trackInFlight(120_000, () => 0);
  inFlight.claim('RAW/A.GEO');
  const file = { folder: '', name: 'a.geo', path: 'a.geo', sizeBytes: 1, mtimeMs: 1, ctimeMs: 1, fileId: 1 };
  // Nothing else of the tools may be touched before the place is free.
  const tools = { inFlight, sharePath: 'raw' } as unknown as ArchiveTools;
  const { result } = await archiveFile(tools, {
    file,
    known: undefined,
    earlier: [],
    deletionInMs: Infinity,
    urgent: false,
  });
  expect(result.outcome).toBe('locked');
  expect(inFlight.list()).toEqual([]);
});

it('F5 F7 a place to which a write may still arrive is not begun anew until it cannot', () => {
  const clock = { ms: 0 };
  const inFlight = trackInFlight(120_000, () => clock.ms);
  inFlight.unanswered('A', 'content');
  clock.ms = 119_000;
  expect([inFlight.mayStillArrive('A'), inFlight.mayStillArrive('B')]).toEqual([true, false]);
  inFlight.unanswered('B', 'create');
  clock.ms = 121_000;
  expect([inFlight.mayStillArrive('A'), inFlight.mayStillArrive('B')]).toEqual([false, true]);
  expect([inFlight.mayStillArrive('B', 'content'), inFlight.mayStillArrive()]).toEqual([false, true]);
});
