import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../../test/support/sweptFleet.ts';
import { readPeaks, rememberPeaks } from './peaks.ts';

const WEEK = 7 * 24 * 60;
const jobId = 'job-runner-1';
let archive: TestArchive;
let fleet: FleetMaker;

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await fleet.clear();
  await fleet.runners(1);
});
afterAll(() => archive.close());

const count = (perHour: number, perDay: number) =>
  rememberPeaks(archive.database.db, [{ jobId, perHour, perDay }], archive.services.now());
const seen = async () => (await readPeaks(archive.database.db, archive.services.now())).get(jobId);

it('F14 keeps the fullest hour and day of four weeks, and says how far back it can look', async () => {
  expect(await seen()).toBeUndefined();
  await count(100, 900);
  await count(30, 1000);
  expect(await seen()).toEqual({ perHour: 100, perDay: 1000, weeks: 0 });
  for (let week = 1; week <= 4; week += 1) {
    fleet.down(WEEK);
    await count(0, 0);
    expect(await seen()).toEqual({ perHour: 100, perDay: 1000, weeks: week });
  }
  fleet.down(WEEK);
  await count(0, 0);
  expect(await seen()).toEqual({ perHour: 0, perDay: 0, weeks: 4 });
});
