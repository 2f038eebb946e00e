import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '../logging/log.ts';
import { MARK_FILE, rememberLateWrites } from './lateWrites.ts';

const MINUTE_MS = 60_000;
const clock = { ms: 0 };
let stateFolder = '';
let lines: string[] = [];

beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'late-writes-'));
  clock.ms = 1_800_000_000_000;
  lines = [];
});
afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

/** What a process that starts now remembers. */
function started(arriveWithinMs = MINUTE_MS, folder = stateFolder) {
  const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
  const now = () => clock.ms;
  return rememberLateWrites({ stateFolder: folder, arriveWithinMs, now, monotonicMs: now, log });
}

const secondsLeft = (lateWrites = started()) => lateWrites.leftMs() / 1000;
const isMarked = () => existsSync(join(stateFolder, MARK_FILE));

it('B18 uploads that a kill cut short are waited for until none of their requests can arrive, by whoever comes next', () => {
  started().begin(); // and the process is killed
  expect(secondsLeft()).toBe(61);
  clock.ms += 45_000;
  expect(secondsLeft()).toBe(16);
  clock.ms += 16_000;
  expect(secondsLeft()).toBe(0);
});

it('B18 uploads to whose end somebody waited leave nothing to wait for; those that were given up do', () => {
  started().begin()('answered');
  expect([secondsLeft(), isMarked()]).toEqual([0, false]);
  const working = started();
  const end = working.begin();
  clock.ms += 5000;
  end('cut');
  clock.ms += 1000;
  expect([secondsLeft(working), secondsLeft()]).toEqual([60, 60]);
  expect(secondsLeft(started(0))).toBe(0);
});

it('B18 single requests that were given up are waited for by a successor only: this process knows which they were', () => {
  const working = started();
  working.begin()('unanswered');
  expect([secondsLeft(working), secondsLeft()]).toEqual([0, 61]);
});

it('B18 who could not wait, for a file that was about to be deleted, leaves the rest of the time to its successor', () => {
  started().begin();
  clock.ms += 20_000;
  const hurried = started();
  const end = hurried.begin();
  clock.ms += 1000;
  end('answered');
  expect([secondsLeft(hurried), secondsLeft()]).toEqual([40, 40]);
  clock.ms += 40_000;
  hurried.begin()('answered');
  expect(isMarked()).toBe(false);
});

it('B18 uploads of two jobs are under way until both have ended', () => {
  const working = started();
  const [one, other] = [working.begin(), working.begin()];
  one('answered');
  expect(isMarked()).toBe(true);
  other('answered');
  expect(isMarked()).toBe(false);
});

it('B18 a clock that was set back, or a mark that was torn, costs the whole time and no more', () => {
  started().begin();
  clock.ms -= 24 * 60 * MINUTE_MS;
  expect(secondsLeft()).toBe(61);
  writeFileSync(join(stateFolder, MARK_FILE), '');
  expect(secondsLeft()).toBe(61);
});

it('B18 a wait is told, and ends with its signal’s reason', async () => {
  started().begin();
  const stop = new AbortController();
  const settled = started().settled(stop.signal);
  stop.abort(new Error('the run was superseded'));
  await expect(settled).rejects.toThrow('the run was superseded');
  expect(
    lines.filter((line) => line.includes('waiting until') && line.includes('"seconds":61')),
  ).toHaveLength(1);
});

it('B18 a disk that takes no mark costs no upload, and is told once', () => {
  started(MINUTE_MS, join(stateFolder, 'gone')).begin()('answered');
  expect(lines.filter((line) => line.includes('cannot be noted'))).toHaveLength(1);
});
