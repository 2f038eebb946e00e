import { describe, expect, it } from 'vitest';
import type { DeliveryView } from '../../../../shared/contract/alerts.ts';
import { changeMark, incidentTimeline } from './incidentTimeline.ts';

const minute = (count: number) => new Date(Date.UTC(2026, 3, 13, 2, count)).toISOString();
const change = (at: number, from: string | null, to: string) => ({ at: minute(at), from, to, reason: '' });
const delivery = (deliveryId: string, createdAt: string): DeliveryView => ({
  deliveryId,
  alertId: 'a1',
  transition: 'opened',
  channelId: 'c1',
  channelName: 'Teams',
  channelKind: 'teams',
  recipients: [],
  status: 'delivered',
  attempts: 1,
  lastError: null,
  createdAt,
  nextAttemptAt: null,
  deliveredAt: createdAt,
});

describe('incidentTimeline()', () => {
  it('S8 puts each delivery under the change that it told of, in the order of time', () => {
    const entries = incidentTimeline(
      [change(10, 'open', 'resolved'), change(0, null, 'open')],
      [delivery('late', minute(10)), delivery('second', minute(5)), delivery('first', minute(0))],
    );
    expect(
      entries.map(({ change: { to }, deliveries }) => [to, deliveries.map((one) => one.deliveryId)]),
    ).toEqual([
      ['open', ['first', 'second']],
      ['resolved', ['late']],
    ]);
  });

  it('S8 loses no delivery that a faster clock dated before the first change', () => {
    const entries = incidentTimeline([change(5, null, 'open')], [delivery('early', minute(4))]);
    expect(entries[0]?.deliveries).toHaveLength(1);
  });
});

describe('changeMark()', () => {
  it('S8 says what a change means', () => {
    expect(changeMark(change(0, null, 'open')).word).toBe('Opened');
    expect(changeMark(change(0, 'resolved', 'open')).word).toBe('Opened again');
    expect(changeMark(change(0, 'open', 'acknowledged')).word).toBe('Acknowledged');
    expect(changeMark(change(0, 'acknowledged', 'resolved')).word).toBe('Resolved');
    expect(changeMark(change(0, 'open', 'open')).word).toBe('Noted');
    expect(changeMark(change(0, 'open', 'snoozed')).word).toBe('Snoozed');
  });
});
