import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { indexFolder } from '../index/localIndex.ts';
import { createLog } from '../logging/log.ts';
import { rememberLateWrites } from './lateWrites.ts';

const MINUTE_MS = 60_000;
const clock = { ms: 1_800_000_000_000 };
let stateFolder = '';
let lines: string[] = [];

beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'late-writes-'));
  mkdirSync(indexFolder(stateFolder, 'job'), { recursive: true });
  lines = [];
});
afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

/** What a process that starts now would remember. */
function started(arriveWithinMs = MINUTE_MS) {
  const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
  return rememberLateWrites({ stateFolder, arriveWithinMs, now: () => clock.ms, log });
}

const stopping = new Error('stopping');

/** The seconds that uploads of a process that starts now would wait; 0: none. */
async function secondsOfWaiting(arriveWithinMs?: number): Promise<number> {
  const from = lines.length;
  const settled = started(arriveWithinMs).begin('job').earlierSettled(AbortSignal.abort(stopping));
  const [waited] = await Promise.allSettled([settled]);
  const line = lines.slice(from).find((one) => one.includes('waiting until'));
  if (line === undefined) return 0;
  expect(waited).toMatchObject({ status: 'rejected' });
  return (JSON.parse(line) as { seconds: number }).seconds;
}

it('B18 uploads that were cut short are waited for until none of their requests can arrive, by whoever comes next', async () => {
  started().begin('job').writing(); // and the process is killed
  expect(await secondsOfWaiting()).toBe(61);
  clock.ms += 45_000;
  expect(await secondsOfWaiting()).toBe(16);
  clock.ms += 16_000;
  expect(await secondsOfWaiting()).toBe(0);
});

it('B18 who only waits, and is killed again, does not make its successor wait the longer', async () => {
  started().begin('job').writing();
  clock.ms += 40_000;
  await secondsOfWaiting();
  clock.ms += 1000;
  expect(await secondsOfWaiting()).toBe(20);
});

it('B18 uploads that were waited for leave nothing to wait for; those that were given up do, and other jobs never', async () => {
  const ended = started().begin('job');
  ended.writing();
  ended.end(true);
  expect(await secondsOfWaiting()).toBe(0);
  const cut = started().begin('job');
  cut.writing();
  clock.ms += 5000;
  cut.end(false);
  expect(await secondsOfWaiting()).toBe(61);
  await started().begin('another job').earlierSettled(AbortSignal.abort(stopping));
  expect(await secondsOfWaiting(0)).toBe(0);
});

it('B18 a clock that was set back, or a mark that was torn, costs the whole time and no more', async () => {
  started().begin('job').writing();
  clock.ms -= 24 * 60 * MINUTE_MS;
  expect(await secondsOfWaiting()).toBe(61);
  writeFileSync(join(indexFolder(stateFolder, 'job'), 'uploading'), '');
  expect(await secondsOfWaiting()).toBe(61);
});

it('B18 a disk that takes no mark costs no upload', async () => {
  const spell = started().begin('a job without a folder');
  spell.writing();
  spell.end(true);
  expect(lines.filter((line) => line.includes('cannot be noted'))).toHaveLength(1);
});
