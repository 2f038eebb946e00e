import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Alerting, finding, minute, openAlerting } from '../../test/support/alerting.ts';
import { policy } from './policy.ts';

let alerting: Alerting;

beforeAll(async () => {
  alerting = await openAlerting();
});
beforeEach(async () => {
  await alerting.clear();
  await alerting.addChannel('one');
});
afterAll(() => alerting.close());

const told = () => alerting.heard().map(({ transition, title }) => `${transition} ${title}`);
const statuses = async () =>
  (await alerting.alerts()).map(({ fingerprint, status }) => `${fingerprint} ${status}`);

describe('reconcileFindings', () => {
  it('S8 opens, counts, worsens and resolves, tells each once, and writes each down', async () => {
    const { services } = alerting;
    const warning = finding('a', { severity: 'warning', facts: { hoursLeft: 7 }, runbook: 'page' });
    const none = { opened: 0, reopened: 0, worsened: 0, seen: 0, resolved: 0 };
    expect(await alerting.look([warning])).toEqual({ ...none, opened: 1 });
    services.advance(minute);
    expect(await alerting.look([{ ...warning, title: 'newer words' }])).toEqual({ ...none, seen: 1 });
    services.advance(minute);
    expect(await alerting.look([finding('a')])).toEqual({ ...none, worsened: 1 });
    services.advance(minute);
    expect(await alerting.look([{ ...warning, title: 'lesser again' }])).toEqual({ ...none, seen: 1 });
    services.advance(minute);
    expect(await alerting.look([])).toEqual({ ...none, resolved: 1 });
    expect(await alerting.look([])).toEqual(none);
    expect(told()).toEqual(['opened a', 'worsened a', 'resolved lesser again']);
    const [alert, ...others] = await alerting.alerts();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      status: 'resolved',
      severity: 'critical',
      seen_count: 4,
      source: 'sweep-test',
      transition_seq: 3,
      resolved_reason: 'not found any more',
      facts_json: { hoursLeft: 7 },
    });
    const changes = await alerting.database.db
      .selectFrom('state_changes')
      .select(['old_state', 'new_state', 'reason'])
      .where('subject_id', '=', alert!.id)
      .orderBy('id')
      .execute();
    expect(changes).toEqual([
      { old_state: null, new_state: 'open', reason: 'a' },
      { old_state: 'open', new_state: 'open', reason: 'warning → critical: a' },
      { old_state: 'open', new_state: 'resolved', reason: 'not found any more' },
    ]);
  });

  it('S8 one delivery row a transition and channel, its key naming both', async () => {
    await alerting.addChannel('two', { rule: false });
    await alerting.addRule('both', { position: 1, to: ['one', 'two'] });
    await alerting.look([finding('a')]);
    await alerting.look([]);
    const [alert] = await alerting.alerts();
    expect((await alerting.outbox()).map(({ dedup_key, status }) => `${dedup_key} ${status}`)).toEqual([
      `${alert!.id}:000001:one delivered`,
      `${alert!.id}:000001:two delivered`,
      `${alert!.id}:000002:one delivered`,
      `${alert!.id}:000002:two delivered`,
    ]);
  });

  it('S8 leaves alone what other checks found, what it did not look at, and what it could not decide', async () => {
    await alerting.look([finding('theirs')], { source: 'sweep-other' });
    await alerting.look([finding('a', { runnerId: 'r1' }), finding('b', { runnerId: 'r2' }), finding('c')]);
    await alerting.look([], { scope: { runnerId: 'r1' } });
    expect((await statuses()).toSorted()).toEqual(['a resolved', 'b open', 'c open', 'theirs open']);
    await alerting.look([], { undecided: ['c'] });
    expect((await statuses()).toSorted()).toEqual(['a resolved', 'b resolved', 'c open', 'theirs open']);
  });

  it('S8 A5 keeps the same problem of two organizations apart', async () => {
    const at = alerting.services.now();
    const { db } = alerting.database;
    await db.insertInto('organizations').values({ id: 'other', name: 'Other', created_at: at }).execute();
    const theirs = finding('a', { organizationId: 'other' });
    expect(await alerting.look([finding('a'), theirs])).toMatchObject({ opened: 2 });
    expect(await alerting.look([theirs])).toMatchObject({ seen: 1, resolved: 1 });
    const rows = await alerting.alerts();
    expect(rows.map((row) => `${row.organization_id} ${row.status}`).toSorted()).toEqual([
      'org resolved',
      'other open',
    ]);
    expect(told()).toEqual(['opened a', 'resolved a']);
  });

  it('S13 B11 B40 twelve at once with the same findings make one alert and one delivery each', async () => {
    const findings = ['a', 'b', 'c'].map((name) => finding(name));
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => alerting.look(findings)));
    expect(outcomes.reduce((sum, { opened }) => sum + opened, 0)).toBe(3);
    expect((await alerting.alerts()).map((row) => row.seen_count)).toEqual([12, 12, 12]);
    await Promise.all(Array.from({ length: 12 }, () => alerting.look([])));
    expect(told().toSorted()).toEqual(
      ['opened', 'resolved'].flatMap((word) => findings.map((one) => `${word} ${one.title}`)),
    );
    expect(await alerting.outbox()).toHaveLength(6);
  });

  it('S8 B1 a look that was overtaken by a newer one undoes nothing of it', async () => {
    const { services } = alerting;
    const frozenAt = services.now();
    services.advance(minute);
    await alerting.look([finding('a'), finding('b')]);
    services.advance(minute);
    await alerting.look([finding('a')]);
    const none = { opened: 0, reopened: 0, worsened: 0, seen: 0, resolved: 0 };
    expect(await alerting.look([finding('b')], { at: frozenAt })).toEqual(none);
    expect(await statuses()).toEqual(['a open', 'b resolved']);
    services.advance(minute);
    expect(await alerting.look([finding('b')])).toMatchObject({ reopened: 1, resolved: 1 });
  });

  it('S8 reopens the same alert within the window, and opens a new one after it', async () => {
    await alerting.look([finding('a')]);
    await alerting.look([]);
    alerting.services.advance(policy.reopenWithinMs - minute);
    expect(await alerting.look([finding('a')])).toMatchObject({ reopened: 1, opened: 0 });
    await alerting.look([]);
    alerting.services.advance(policy.reopenWithinMs + minute);
    expect(await alerting.look([finding('a')])).toMatchObject({ reopened: 0, opened: 1 });
    expect((await alerting.alerts()).map((row) => row.reopened_count)).toEqual([1, 0]);
    expect(told()).toEqual(['opened a', 'resolved a', 'reopened a', 'resolved a', 'opened a']);
  });

  it.each([2, 20, 58])(
    'S8 B39 a problem that comes and goes every %i min is told a bounded number of times, then once of its end',
    async (halfPeriod) => {
      for (let turn = 0; turn < 40; turn += 1) {
        await alerting.look(turn % 2 === 0 ? [finding('a')] : []);
        await alerting.sweep(halfPeriod * minute);
      }
      const flapping = told();
      expect(flapping).toEqual([
        'opened a',
        ...Array.from({ length: policy.flapsAfterReopenings }, () => ['resolved a', 'reopened a']).flat(),
      ]);
      expect(await statuses()).toEqual(['a open']);
      for (let quiet = 0; quiet <= policy.quietMs; quiet += minute) await alerting.sweep();
      expect(await statuses()).toEqual(['a resolved']);
      expect(told()).toEqual(['resolved a']);
    },
  );

  it('S8 finds a bad fingerprint out before anything is written', async () => {
    await expect(alerting.look([finding('a'), finding('x'.repeat(251))])).rejects.toThrow('251 characters');
    expect(await alerting.alerts()).toEqual([]);
  });
});
