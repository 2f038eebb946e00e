import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Alerting, finding, minute, openAlerting } from '../../test/support/alerting.ts';
import { raiseAlert } from './alert.ts';
import { acknowledge } from './operators/byHand.ts';
import { readAlert } from './operators/oneAlert.ts';
import { policy } from './policy.ts';

let alerting: Alerting;
const decision = {
  organizationId: 'org',
  actor: { kind: 'system', name: 'olga' },
  name: 'olga',
  correlationId: 'c',
} as const;

beforeAll(async () => {
  alerting = await openAlerting();
});
beforeEach(async () => {
  await alerting.clear();
  await alerting.addChannel('one');
});
afterAll(() => alerting.close());

/** A loss of the job, minutes after what was before; gives its alert's id. */
async function lose(afterMs: number): Promise<string> {
  const { services, database } = alerting;
  services.advance(afterMs);
  const loss = finding('data-loss:j1', { class: 'data_loss' });
  const id = await raiseAlert(database.db, loss, { at: services.now(), newId: services.newId });
  await alerting.sweep();
  return id;
}
const told = () => alerting.heard().map(({ transition }) => transition);

describe('a later loss of a job', () => {
  it('F14 S10 after somebody acknowledged the last one, it is an alert of its own: told, with its own hour for the customer', async () => {
    const first = await lose(0);
    await acknowledge(alerting.services, decision, first, undefined);
    const second = await lose(10 * minute);
    expect(second).not.toBe(first);
    expect(told().toSorted()).toEqual(['acknowledged', 'opened', 'opened']);
    const openedAt = alerting.services.now().getTime() - minute;
    const { customerDueAt, alert } = await readAlert(alerting.services, 'org', second);
    expect([alert.status, Date.parse(customerDueAt ?? '') - openedAt]).toEqual([
      'open',
      policy.customerWithinMs,
    ]);
    expect(await readAlert(alerting.services, 'org', first)).toMatchObject({
      alert: { status: 'acknowledged', count: 1 },
    });
  });

  it('F14 B38 those of one bad hour are one alert, told once; what is lost long after is another', async () => {
    const first = await lose(0);
    for (let run = 0; run < 5; run += 1) expect(await lose(20 * minute)).toBe(first);
    expect(told()).toEqual(['opened']);
    const second = await lose(policy.anotherLossAfterMs);
    expect(second).not.toBe(first);
    expect(told()).toEqual(['opened']);
    expect(
      (await alerting.alerts()).map(({ status, seen_count }) => `${status} ${String(seen_count)}`),
    ).toEqual(['open 6', 'open 1']);
  });

  it('F14 B11 B40 of many that meet it at once, all count on one new alert', async () => {
    const first = await lose(0);
    await acknowledge(alerting.services, decision, first, undefined);
    const { services, database } = alerting;
    const loss = finding('data-loss:j1', { class: 'data_loss' });
    const context = { at: services.now(), newId: services.newId };
    const ids = await Promise.all(Array.from({ length: 12 }, () => raiseAlert(database.db, loss, context)));
    expect(new Set(ids).size).toBe(1);
    expect((await alerting.alerts()).map(({ seen_count }) => seen_count)).toEqual([1, 12]);
  });
});
