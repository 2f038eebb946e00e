import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openLocalIndex } from '../index/localIndex.ts';
import type { JournaledResult } from '../journal/entries.ts';
import { entryOf } from './indexEntry.ts';
import { openKnowledge } from './knowledge.ts';
import { pendingFiles } from './pendingFiles.ts';
import { refusedResult } from './refusedResult.ts';
import { otherVerdict } from './verdict.ts';

const stateFolder = mkdtempSync(join(tmpdir(), 'datasync-pending-'));
afterAll(() => rmSync(stateFolder, { recursive: true }));

const belongs = () => true;
const seen = { sizeBytes: 3, mtimeMs: 1_796_036_883_000, ctimeMs: 1, fileId: 7 };
const none = { sizeBytes: 0, mtimeMs: 0, ctimeMs: 0, fileId: 0 };
const fileCalled = (name: string, facts = seen) => ({ folder: '', name, path: name, ...facts });

function knowledgeOf(jobId: string) {
  return openKnowledge(openLocalIndex({ stateFolder, jobId, configuration: '["/source"]' }));
}

function told(result: JournaledResult['result'], { ctimeMs, fileId } = seen): JournaledResult {
  return { seq: 1, jobId: 'job', result, ctimeMs, fileId };
}

it('F15 what was told of a folder, or of a file under another path than its own, is no file that waits', () => {
  const knowledge = knowledgeOf('told');
  const locked = otherVerdict(fileCalled('locked.geo'), 'locked', null).result;
  const folder = otherVerdict(fileCalled('folder', none), 'unreadable', null).result;
  const refused = refusedResult({ ...locked, path: '../bad' }, 'no path');
  expect(refused.path).not.toBe('../bad');
  knowledge.record([told(locked), told(folder, none), told(refused)]);
  expect([...knowledge.segment('').keys()]).toEqual(['locked.geo']);
  expect(pendingFiles('', { knowledge, belongs }).map(({ name }) => name)).toEqual(['locked.geo']);
});

it('F15 a folder that an earlier version wrote down as if it were a file is not missed', () => {
  const knowledge = knowledgeOf('earlier');
  for (const [name, facts] of [
    ['folder', none],
    ['empty.geo', { ...none, fileId: 8 }],
  ] as const)
    knowledge.change('', (segment) => segment.set(name, entryOf(fileCalled(name, facts), 'pending')));
  expect(pendingFiles('', { knowledge, belongs }).map(({ name }) => name)).toEqual(['empty.geo']);
});
