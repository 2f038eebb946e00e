import { expect, it } from 'vitest';
import { saySchedule } from './schedule.ts';

it.each([
  ['0 */15 * * * *', 'every 15 min'],
  ['0 * * * * *', 'every minute'],
  ['0 5 * * * *', 'hourly, at 05 min past'],
  ['0 0 */6 * * *', 'every 6 h'],
  ['0 0 2 * * *', 'daily at 02:00 UTC'],
  ['0 30 2 * * 1', 'Mondays at 02:30 UTC'],
  ['0 0 6 * * 1-5', 'Mondays to Fridays at 06:00 UTC'],
  ['0 0 2 1 * *', 'monthly on the 1st at 02:00 UTC'],
  ['0 0 18 22 * *', 'monthly on the 22nd at 18:00 UTC'],
  ['0 0 18 13 * *', 'monthly on the 13th at 18:00 UTC'],
  ['0 0 2 * * 1,4', 'Mondays and Thursdays at 02:00 UTC'],
  ['40 */15 * * * *', 'every 15 min'],
  ['50 25 * * * *', 'hourly, at 25 min past'],
  ['0 */5 * * * 1', '0 */5 * * * 1'],
  ['0 0 2 13 * 5', '0 0 2 13 * 5'],
  ['0 0 2 1 1 *', '0 0 2 1 1 *'],
  ['*/5 * * * * *', '*/5 * * * * *'],
  ['0 0 2 * *', '0 0 2 * *'],
])('L5 the schedule %s reads as %s', (schedule, said) => {
  expect(saySchedule(schedule)).toBe(said);
});
