import { describe, expect, it } from 'vitest';
import { type ForecastAnswer, forecastSeries } from './forecastSeries.ts';

const hour = (count: number) => new Date(Date.UTC(2026, 3, 13, count)).toISOString();
const answer: ForecastAnswer = {
  now: hour(3),
  forecast: {
    state: 'forecast',
    purgeAt: hour(6),
    hoursLeft: 3,
    needSeconds: 60,
    assumedPerHour: 10,
    isAtRisk: false,
    sentence: '',
  },
  sourceCap: 100,
  history: [
    { at: hour(1), sourceCount: 60, backlogCount: 5 },
    { at: hour(2), sourceCount: 70, backlogCount: 15 },
  ],
  expected: [
    { at: hour(3), sourceCount: 80, filesUntilPurge: 30 },
    { at: hour(6), sourceCount: 100, filesUntilPurge: 0 },
  ],
  recoveryPoints: [],
};

describe('forecastSeries()', () => {
  it('F14 every column is as long as the times, which only rise', () => {
    const { times, ...columns } = forecastSeries(answer);
    for (const column of Object.values(columns)) expect(column).toHaveLength(times.length);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('F14 the expected curve begins where the reported one ends', () => {
    const { source, expected } = forecastSeries(answer);
    expect(source).toEqual([60, 70, null, null]);
    expect(expected).toEqual([null, 70, 80, 100]);
  });

  it('F14 shows backlog, cap and what is left until the purge', () => {
    const { backlog, untilPurge, cap } = forecastSeries(answer);
    expect(backlog).toEqual([5, 15, null, null]);
    expect(untilPurge).toEqual([null, null, 30, 0]);
    expect(cap).toEqual([100, 100, 100, 100]);
  });

  it('F14 a purge that is weeks away does not press the past to a line', () => {
    const far = { at: hour(24 * 30), sourceCount: 100, filesUntilPurge: 0 };
    expect(forecastSeries({ ...answer, expected: [...answer.expected, far] }).times).toHaveLength(4);
  });

  it('F14 a near purge is not pressed to a line by two days of past', () => {
    const old = {
      at: new Date(Date.parse(hour(3)) - 20 * 3_600_000).toISOString(),
      sourceCount: 1,
      backlogCount: 0,
    };
    const withOld = { ...answer, history: [old, ...answer.history] };
    expect(forecastSeries(withOld).source).toEqual([60, 70, null, null]);
    const safe = { ...withOld, forecast: { ...answer.forecast, hoursLeft: null } };
    expect(forecastSeries(safe).source[0]).toBe(1);
  });

  it('F14 a job without history or expectation has no picture', () => {
    expect(forecastSeries({ ...answer, history: [], expected: [] }).times).toEqual([]);
  });
});
