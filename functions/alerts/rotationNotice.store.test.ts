import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Alerting, openAlerting } from '../../test/support/alerting.ts';
import { sendRotationNotice } from './operators/rotationNotice.ts';

let alerting: Alerting;
const rotationId = '4f0b4c62-7f5e-4a4e-9a53-0f6d0a6a5d10';
const decision = {
  organizationId: 'org',
  actor: { kind: 'system', name: 'olga' },
  name: 'olga',
  correlationId: 'c',
} as const;
const send = (mode: 'planned' | 'emergency' = 'planned', id = rotationId) =>
  sendRotationNotice(alerting.services, decision, { rotationId: id, mode });

beforeAll(async () => {
  alerting = await openAlerting();
});
beforeEach(() => alerting.clear());
afterAll(() => alerting.close());

describe('the notice of a key rotation', () => {
  it('D7 S9 goes through every channel by the outbox, one delivery id a channel however often it is asked for', async () => {
    for (const id of ['one', 'two']) await alerting.addChannel(id, { rule: false });
    const [first] = await Promise.all([send(), send()]);
    expect(first.map(({ channelName, status }) => [channelName, status])).toEqual([
      ['one', 'pending'],
      ['two', 'pending'],
    ]);
    await alerting.sweep();
    const heard = alerting.heard();
    expect(heard.map(({ transition, deliveryId }) => [transition, deliveryId]).toSorted()).toEqual(
      first.map(({ deliveryId }) => ['notice', deliveryId]).toSorted(),
    );
    expect(heard[0]?.detail).toContain('olga begins');
    const again = await send();
    expect(again.map(({ deliveryId, status }) => [deliveryId, status])).toEqual(
      first.map(({ deliveryId }) => [deliveryId, 'delivered']),
    );
    await alerting.sweep();
    expect(alerting.heard()).toEqual([]);
    const announced = await alerting.database.db
      .selectFrom('audit_log')
      .select('subject_id')
      .where('action', '=', 'key-rotation.announced')
      .execute();
    expect(announced.filter(({ subject_id }) => subject_id === rotationId)).toHaveLength(1);
  });

  it('D7 a rule that names key-rotation says who hears of it; no other rule does', async () => {
    for (const id of ['all', 'owner']) await alerting.addChannel(id, { rule: false });
    await alerting.addRule('everything', { position: 1, to: ['all'] });
    await alerting.addRule('rotations', { position: 2, match: { sources: ['key-rotation'] }, to: ['owner'] });
    expect((await send('emergency')).map(({ channelName }) => channelName)).toEqual(['owner']);
  });

  it('D7 S8 a maintenance window does not hold it back, and without a channel it says so', async () => {
    expect(await send()).toEqual([]);
    await alerting.addChannel('one', { rule: false });
    expect((await send()).map(({ status }) => status)).toEqual(['pending']);
  });

  it('D7 a channel that refuses is said to have', async () => {
    await alerting.addChannel('one', { rule: false });
    alerting.server.script({ status: 410 });
    await send();
    await alerting.sweep();
    expect(await send()).toMatchObject([{ status: 'failed', lastError: expect.stringContaining('410') }]);
  });
});
