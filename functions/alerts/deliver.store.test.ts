import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Alerting, finding, minute, openAlerting } from '../../test/support/alerting.ts';
import { databaseNow } from '../platform/database/index.ts';
import type { SendOutcome } from './channels/channel.ts';
import { deliverDue } from './deliver.ts';
import { channelsWithDue, claimNotification, dueOnChannel } from './outboxStore.ts';
import { deliveryPolicy } from './retry.ts';
import { CHANNEL_FAILING } from './routing.ts';

let alerting: Alerting;

beforeAll(async () => {
  alerting = await openAlerting();
});
beforeEach(async () => {
  await alerting.clear();
  await alerting.addChannel('one');
});
afterAll(() => alerting.close());

const db = () => alerting.database.db;
const told = () => alerting.heard().map(({ transition, title }) => `${transition} ${title}`);
const rows = () => db().selectFrom('notifications').selectAll().orderBy('dedup_key').execute();
const failing = async () =>
  (await alerting.alerts())
    .filter(({ fingerprint }) => fingerprint.startsWith(CHANNEL_FAILING))
    .map(({ fingerprint, status }) => `${fingerprint.slice(CHANNEL_FAILING.length)} ${status}`);

describe('delivery', () => {
  it('S9 B40 repeats what was not taken, later each time, under one delivery id, and notes how the channel does', async () => {
    alerting.server.script({ status: 500 }, { status: 502 }, { status: 200 });
    await alerting.look([finding('a')]);
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1, response_status: 500 }]);
    await alerting.sweep(deliveryPolicy.firstDelayMs);
    await alerting.sweep(1);
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 2, response_status: 502 }]);
    await alerting.sweep(2 * deliveryPolicy.firstDelayMs);
    expect(await rows()).toMatchObject([{ status: 'delivered', attempts: 3, last_error: null }]);
    const heard = alerting.heard();
    expect(heard.map(({ transition }) => transition)).toEqual(['opened', 'opened', 'opened']);
    expect(new Set(heard.map(({ deliveryId }) => deliveryId))).toEqual(new Set([(await rows())[0]!.id]));
    const channel = await db().selectFrom('notification_channels').selectAll().executeTakeFirstOrThrow();
    expect(channel.last_ok_at).toEqual(alerting.services.now());
    expect(channel.last_failed_at).not.toBeNull();
    expect(channel.last_error).toContain('502');
  });

  it('S9 B22 waits as long as the other side asked', async () => {
    alerting.server.script({ status: 429, headers: { 'retry-after': '1200' } }, { status: 200 });
    await alerting.look([finding('a')]);
    for (let waited = 0; waited < 19; waited += 1) await alerting.sweep();
    expect(alerting.heard()).toHaveLength(1);
    await alerting.sweep(2 * minute);
    expect(alerting.heard()).toHaveLength(1);
  });

  it('S9 tells of an end only after the beginning arrived', async () => {
    alerting.server.script({ status: 503 }, { status: 200 });
    await alerting.look([finding('a')]);
    await alerting.look([]);
    expect(told()).toEqual(['opened a']);
    await alerting.sweep();
    await alerting.sweep();
    expect(told()).toEqual(['opened a', 'resolved a']);
  });

  it('S9 S13 B40 of many hosts that sweep at once one sends', async () => {
    alerting.server.script({ status: 500 }, { status: 200 });
    await alerting.look([finding('a')]);
    alerting.heard();
    alerting.services.advance(minute);
    await Promise.all(Array.from({ length: 8 }, () => deliverDue(alerting.services)));
    expect(told()).toEqual(['opened a']);
    expect(await rows()).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });

  it('S9 a sender that died while sending is followed by another, with the same delivery id', async () => {
    alerting.server.script({ status: 500 }, { status: 200 });
    await alerting.look([finding('a')]);
    const now = new Date(alerting.services.now().getTime() + minute);
    const [due] = await dueOnChannel(db(), 'one', now, 10);
    expect(await claimNotification(db(), due!, 'dead')).toMatchObject({ status: 'sending' });
    expect(await claimNotification(db(), due!, 'rival')).toBeUndefined();
    await alerting.sweep(60 * minute); // by its own clock an hour is over; the lease is the database's
    expect(await rows()).toMatchObject([{ status: 'sending', lease_token: 'dead' }]);
    await db()
      .updateTable('notifications')
      .set({ lease_until: databaseNow(-1000) })
      .execute();
    expect(await channelsWithDue(db(), now)).toHaveLength(1);
    await alerting.sweep();
    expect(await rows()).toMatchObject([{ status: 'delivered', attempts: 3 }]);
    expect(new Set(alerting.heard().map(({ deliveryId }) => deliveryId)).size).toBe(1);
  });

  it('S9 a sender whose lease was taken over does not undo what the other one wrote', async () => {
    alerting.server.script({ status: 500 }, { status: 200 });
    await alerting.look([finding('a')]);
    alerting.services.advance(minute);
    const answer = Promise.withResolvers<SendOutcome>();
    const sending = Promise.withResolvers<undefined>();
    const send = async (): Promise<SendOutcome> => {
      sending.resolve(undefined);
      return answer.promise;
    };
    const slow = deliverDue(alerting.services, new Map([['webhook', { kind: 'webhook', send }]]));
    await sending.promise;
    await db()
      .updateTable('notifications')
      .set({ lease_until: databaseNow(-1000) })
      .execute();
    await deliverDue(alerting.services);
    expect(await rows()).toMatchObject([{ status: 'delivered', attempts: 3 }]);
    answer.resolve({ result: 'refused', responseStatus: 404, error: 'gone' });
    await slow;
    expect(await rows()).toMatchObject([{ status: 'delivered', attempts: 3, response_status: 200 }]);
    expect(await failing()).toEqual([]);
  });

  it('S9 S15 a refused delivery fails at once and is reported through another channel; the next that arrives ends the report', async () => {
    await alerting.addChannel('two', { rule: false, url: `${alerting.server.url}/two` });
    await alerting.addRule('failing', {
      position: 1,
      match: { sources: ['notifications'] },
      to: ['one', 'two'],
    });
    alerting.server.script({ status: 404 }, { status: 200 });
    await alerting.look([finding('a')]);
    expect((await rows())[0]).toMatchObject({ status: 'failed', response_status: 404 });
    expect(await failing()).toEqual(['one open']);
    alerting.heard();
    await alerting.sweep();
    expect(alerting.server.requests.map(({ path }) => path)).toEqual(['/two']);
    expect(told()).toEqual(['opened Notifications through channel one do not arrive']);
    await alerting.look([finding('a'), finding('b')]);
    expect(await failing()).toEqual(['one resolved']);
  });

  it('S9 a channel that has been silent for a while is reported before its deliveries are given up', async () => {
    alerting.server.script({ status: 500 });
    await alerting.look([finding('a')]);
    for (let swept = 0; swept < 40; swept += 1) await alerting.sweep();
    expect(await failing()).toEqual(['one open']);
    const [row] = (await rows()).filter(({ transition }) => transition === 'opened');
    expect(row).toMatchObject({ status: 'pending' });
    for (let hour = 0; hour < 25; hour += 1) await alerting.sweep(60 * minute);
    expect((await rows())[0]).toMatchObject({ status: 'failed', next_attempt_at: null });
  });

  it('S8 B42 what piled up while nothing could be sent comes out bit by bit, and none of it is lost', async () => {
    alerting.server.script({ status: 503, headers: { 'retry-after': '3600' } });
    for (let alert = 0; alert < 6; alert += 1) {
      const findings = Array.from({ length: 10 }, (_, index) =>
        finding(`p${String(alert)}-${String(index)}`),
      );
      await alerting.look(findings, { source: `check-${String(alert)}` });
      alerting.services.advance(11 * minute);
    }
    alerting.services.advance(5 * 60 * minute);
    alerting.server.script({ status: 200 });
    alerting.heard();
    const perSweep: number[] = [];
    for (let swept = 0; swept < 5; swept += 1) {
      await alerting.sweep();
      perSweep.push(alerting.heard().length);
    }
    expect(Math.max(...perSweep)).toBe(deliveryPolicy.perChannelAndSweep);
    expect(perSweep.reduce((sum, one) => sum + one)).toBe((await rows()).length);
    expect((await rows()).every(({ status }) => status === 'delivered')).toBe(true);
  });

  it('S9 secrets under another AUTH_SECRET fail the delivery with a reason, and stop nothing else', async () => {
    const settings = { ...alerting.services.settings, AUTH_SECRET: 'b'.repeat(44) };
    alerting.server.script({ status: 503 });
    await alerting.look([finding('a')]);
    alerting.services.advance(minute);
    await deliverDue({ ...alerting.services, settings });
    expect((await rows())[0]).toMatchObject({ status: 'failed' });
    expect((await rows())[0]!.last_error).toContain('enter them again');
  });

  it('S9 nothing is sent through a channel that is switched off', async () => {
    await db().updateTable('notification_channels').set({ enabled: false }).execute();
    await alerting.look([finding('a')]);
    await alerting.sweep();
    expect(alerting.heard()).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});
