import { describe, expect, it } from 'vitest';
import type { ChannelView } from '../../../shared/contract/alerts.ts';
import { alertMark, channelMark } from './alertMarks.ts';

const now = Date.parse('2026-04-13T02:00:00.000Z');
const before = '2026-04-13T01:00:00.000Z';
const after = '2026-04-13T03:00:00.000Z';

describe('alertMark()', () => {
  it.each([
    ['open', null, 'Open'],
    ['open', after, 'Snoozed'],
    ['open', before, 'Open'],
    ['acknowledged', null, 'Acknowledged'],
    ['acknowledged', after, 'Snoozed'],
    ['resolved', after, 'Resolved'],
  ] as const)('S8 %s, snoozed until %s, is %s', (status, snoozedUntil, word) => {
    expect(alertMark({ status, snoozedUntil }, now).word).toBe(word);
  });
});

describe('channelMark()', () => {
  const channel: ChannelView = {
    channelId: 'c1',
    kind: 'teams',
    name: 'Room',
    enabled: true,
    config: {},
    hasSecret: true,
    lastOkAt: null,
    lastFailedAt: null,
    lastError: null,
    version: 1,
  };

  it.each([
    [{}, 'Not tried yet'],
    [{ lastOkAt: before }, 'Works'],
    [{ lastFailedAt: before }, 'Failing'],
    [{ lastOkAt: before, lastFailedAt: after }, 'Failing'],
    [{ lastOkAt: after, lastFailedAt: before }, 'Works'],
    [{ enabled: false, lastFailedAt: after }, 'Switched off'],
  ])('S8 S15 judges a channel by what it did last: %o is %s', (part, word) => {
    expect(channelMark({ ...channel, ...part }).word).toBe(word);
  });
});
