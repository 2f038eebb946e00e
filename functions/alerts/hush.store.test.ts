import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Alerting, finding, minute, openAlerting } from '../../test/support/alerting.ts';
import type { Database } from '../platform/database/index.ts';
import { fingerprints } from './causes.ts';
import type { Finding } from './finding.ts';
import { acknowledge, resolveByHand, snooze } from './operators/byHand.ts';
import { addWindow, endWindow } from './operators/windows.ts';
import { policy } from './policy.ts';
import { reconcileFindings } from './reconcile.ts';
import { sweeperTimers } from '../sweepers/index.ts';
import { NOTIFICATIONS_TIMER, signsOfLife } from './situation.ts';
import { alertTimers } from './timers.ts';

let alerting: Alerting;
const decision = {
  organizationId: 'org',
  actor: { kind: 'system', name: 'olga' },
  name: 'olga',
  correlationId: 'c',
} as const;

beforeAll(async () => {
  alerting = await openAlerting();
  await alerting.addRunner('r1', 'g1');
  await alerting.addRunner('r2');
  await alerting.addJob('j1', 'r1');
});
beforeEach(async () => {
  await alerting.clear();
  await alerting.addChannel('one');
});
afterAll(() => alerting.close());

const told = () => alerting.heard().map(({ transition, title }) => `${transition} ${title}`);
const alertOf = async (fingerprint: string) =>
  (await alerting.alerts()).find((row) => row.fingerprint === fingerprint)!;
const rows = async () => (await alerting.outbox()).map(({ transition, status }) => `${transition} ${status}`);

describe('one cause, one page', () => {
  const site = finding(fingerprints.site('g1'));
  const runner = finding(fingerprints.runnerOffline('r1'), { runnerId: 'r1' });
  const job = finding('stalled:j1', { runnerId: 'r1', jobId: 'j1' });
  const other = finding(fingerprints.runnerOffline('r2'), { runnerId: 'r2' });

  it('S13 attaches what stands behind a cause to it, in one look, whatever the order', async () => {
    await alerting.look([job, runner, other, site]);
    expect(told().toSorted()).toEqual([`opened ${other.title}`, `opened ${site.title}`]);
    const cause = await alertOf(site.fingerprint);
    expect([await alertOf(runner.fingerprint), await alertOf(job.fingerprint)]).toMatchObject([
      { cause_alert_id: cause.id },
      { cause_alert_id: cause.id },
    ]);
    expect((await alertOf(other.fingerprint)).cause_alert_id).toBeNull();
  });

  it('S13 a named cause explains whatever names it; null stands for itself', async () => {
    const all = finding(fingerprints.allRunnersSilent);
    const named = finding('x', { causeFingerprint: all.fingerprint });
    const alone = finding('y', { runnerId: 'r1', causeFingerprint: null });
    await alerting.look([named, alone, { ...runner, severity: 'warning' }, all]);
    expect(told().toSorted()).toEqual([`opened ${all.title}`, 'opened y']);
  });

  it('S13 data loss and security are told whatever else is down', async () => {
    await alerting.look([
      site,
      { ...job, class: 'data_loss' },
      finding('s', { class: 'security', runnerId: 'r1' }),
    ]);
    expect(told().toSorted()).toEqual([
      'opened A security alert',
      `opened ${site.title}`,
      'opened stalled:j1',
    ]);
  });

  it('S13 tells an effect that still stands a while after its cause was resolved, and not one that ended with it', async () => {
    await alerting.look([site, runner, job]);
    await alerting.look([runner, job]);
    expect(told()).toEqual([`opened ${site.title}`, `resolved ${site.title}`]);
    await alerting.look([runner]);
    for (let waited = minute; waited < policy.afterCauseMs; waited += minute) await alerting.sweep();
    expect(told()).toEqual([]);
    await alerting.sweep(2 * minute);
    expect(told()).toEqual([`opened ${runner.title}`]);
    await alerting.look([]);
    expect(told()).toEqual([`resolved ${runner.title}`]);
    expect(await alertOf(runner.fingerprint)).toMatchObject({ cause_alert_id: null, tell_due_at: null });
  });

  it('S13 an effect waits on when its cause is back before its time', async () => {
    await alerting.look([site, runner]);
    await alerting.look([runner]);
    await alerting.sweep();
    await alerting.look([site, runner]);
    for (let waited = 0; waited < 2 * policy.afterCauseMs; waited += minute) await alerting.sweep();
    expect(told()).toEqual([`opened ${site.title}`, `resolved ${site.title}`, `reopened ${site.title}`]);
  });

  it('S13 people who know of an effect already are not told again, only of its end', async () => {
    await alerting.look([runner]);
    await alerting.look([runner, site]);
    expect((await alertOf(runner.fingerprint)).cause_alert_id).toBe((await alertOf(site.fingerprint)).id);
    await alerting.look([runner]);
    expect((await alertOf(runner.fingerprint)).cause_alert_id).toBeNull();
    for (let waited = 0; waited < 2 * policy.afterCauseMs; waited += minute) await alerting.sweep();
    await alerting.look([]);
    expect(told()).toEqual([
      `opened ${runner.title}`,
      `opened ${site.title}`,
      `resolved ${site.title}`,
      `resolved ${runner.title}`,
    ]);
  });
});

describe('a cause that comes and goes', () => {
  const cause = finding('cause');
  const effect = finding('effect', { causeFingerprint: 'cause' });

  it('S13 B39 explains nothing while it is quiet', async () => {
    for (let turn = 0; turn < 2 * policy.flapsAfterReopenings; turn += 1) {
      await alerting.look(turn % 2 === 0 ? [cause] : []);
      alerting.services.advance(minute);
    }
    await alerting.look([cause, effect]);
    await alerting.look([effect]);
    expect(await alertOf('cause')).toMatchObject({ status: 'open' });
    alerting.heard();
    for (let waited = 0; waited <= 2 * policy.afterCauseMs; waited += minute) await alerting.sweep();
    expect(told()).toEqual(['opened effect']);
  });
});

describe('maintenance windows', () => {
  const openWindow = async (more: { runnerId?: string; groupId?: string } = {}) => {
    const now = alerting.services.now().getTime();
    return addWindow(alerting.services, decision, {
      runnerId: more.runnerId ?? null,
      groupId: more.groupId ?? null,
      reason: 'new pump',
      startsAt: new Date(now - minute).toISOString(),
      endsAt: new Date(now + 60 * minute).toISOString(),
    });
  };

  it('S8 nobody is told while one is open; what still stands at its end is told then, under the same delivery id', async () => {
    await openWindow();
    await alerting.look([finding('stays'), finding('goes')]);
    await alerting.sweep();
    await alerting.look([finding('stays')]);
    expect(told()).toEqual([]);
    expect(await rows()).toEqual(['opened suppressed', 'opened suppressed']);
    const kept = await alerting.database.db.selectFrom('notifications').select('id').orderBy('id').execute();
    await alerting.sweep(60 * minute);
    const heard = alerting.heard();
    expect(heard).toMatchObject([{ transition: 'opened', title: 'stays' }]);
    expect(kept.map(({ id }) => id)).toContain(heard[0]!.deliveryId);
    expect((await rows()).toSorted()).toEqual(['opened delivered', 'opened suppressed']);
    await alerting.sweep();
    expect(told()).toEqual([]);
  });

  it('S8 covers the runners of its group, or one, and no other', async () => {
    await openWindow({ groupId: 'g1' });
    await openWindow({ runnerId: 'r2' });
    const site = finding(fingerprints.site('g1'));
    await alerting.look([
      finding('a', { runnerId: 'r1' }),
      finding('b', { runnerId: 'r2' }),
      finding('c'),
      site,
    ]);
    expect(told()).toEqual(['opened c']);
  });

  it('S8 F14 data loss is told in any window', async () => {
    await openWindow();
    await alerting.look([finding('lost', { class: 'data_loss' })]);
    expect(told()).toEqual(['opened lost']);
  });

  it('S8 who heard of the beginning hears of an end that fell into the window, when that ends', async () => {
    await alerting.look([finding('a')]);
    const window = await openWindow();
    await alerting.look([]);
    expect(told()).toEqual(['opened a']);
    await alerting.sweep();
    await endWindow(alerting.services, decision, window.windowId);
    await alerting.sweep();
    expect(told()).toEqual(['resolved a']);
  });
});

describe('what operators do', () => {
  it('S8 acknowledging is told where the alert was, once; the alert stays until its problem is gone', async () => {
    await alerting.look([finding('a')]);
    const { id } = await alertOf('a');
    const acked = await acknowledge(alerting.services, decision, id, 'on my way');
    expect(acked).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'olga' });
    await acknowledge(alerting.services, decision, id, undefined);
    await alerting.look([finding('a')]);
    await alerting.sweep();
    await alerting.look([]);
    expect(told()).toEqual(['opened a', 'acknowledged a', 'resolved a']);
    await expect(acknowledge(alerting.services, decision, id, undefined)).rejects.toThrow('is over');
  });

  it('S8 resolving ends an alert at once, also one that comes and goes; a check that still finds it opens it again', async () => {
    await alerting.look([finding('a')]);
    const { id } = await alertOf('a');
    await resolveByHand(alerting.services, decision, id, 'replaced the cable');
    await alerting.look([finding('a')]);
    await alerting.sweep();
    expect(told()).toEqual(['opened a', 'resolved a', 'reopened a']);
    expect(await alertOf('a')).toMatchObject({ id, status: 'open', reopened_count: 1 });
  });

  it('S8 a snooze keeps an alert quiet; what happened meanwhile is told at its end', async () => {
    await alerting.look([finding('a', { severity: 'warning' })]);
    const { id } = await alertOf('a');
    await snooze(alerting.services, decision, id, new Date(alerting.services.now().getTime() + 30 * minute));
    await alerting.look([finding('a')]);
    await alerting.sweep();
    expect(told()).toEqual(['opened a']);
    await alerting.sweep(30 * minute);
    expect(told()).toEqual(['worsened a']);
  });

  it('S8 a snooze does not hold back the end of what people heard of: it must not come after the next beginning', async () => {
    await alerting.look([finding('a')]);
    const { id } = await alertOf('a');
    const until = new Date(alerting.services.now().getTime() + 3 * policy.reopenWithinMs);
    await snooze(alerting.services, decision, id, until);
    await alerting.look([]);
    expect(told()).toEqual(['opened a', 'resolved a']);
    for (const found of [[finding('a')], []]) await alerting.look(found);
    expect(told()).toEqual([]);
    alerting.services.advance(2 * policy.reopenWithinMs);
    await alerting.look([finding('a')]);
    await alerting.sweep(2 * policy.reopenWithinMs);
    expect(told()).toEqual(['opened a']);
  });

  it('S8 a snooze that is ended early tells what it kept back', async () => {
    await alerting.look([finding('a', { severity: 'warning' })]);
    const { id } = await alertOf('a');
    await snooze(alerting.services, decision, id, new Date(alerting.services.now().getTime() + 30 * minute));
    await alerting.look([finding('a')]);
    await snooze(alerting.services, decision, id, null);
    await alerting.sweep();
    expect(told()).toEqual(['opened a', 'worsened a']);
  });
});

describe('security', () => {
  it('S8 its words go to rules that name the class only; other channels get an id', async () => {
    await alerting.addChannel('contacts', { rule: false, url: `${alerting.server.url}/contacts` });
    await alerting.addRule('security', { match: { classes: ['security'] }, to: ['contacts'] });
    await alerting.look([finding('clone of r1', { class: 'security', runnerId: 'r1' })]);
    await alerting.look([]);
    const requests = alerting.server.requests.splice(0);
    const by = (path: string) => requests.filter((one) => one.path === path).map(({ body }) => body);
    expect(
      by('/contacts').every((body) => body.includes('detail of clone of r1') && body.includes('R1')),
    ).toBe(true);
    expect(by('/contacts')).toHaveLength(2);
    expect(by('/')).toHaveLength(2);
    expect(by('/').join()).not.toMatch(/clone|R1/);
    expect(by('/').join()).toContain((await alertOf('clone of r1')).id);
  });
});

describe('too much at once', () => {
  const reportOf = (findings: Finding[]) => ({
    source: 'sweep-test',
    findings,
    at: alerting.services.now(),
  });
  /** The same services, counting the statements of their transactions. */
  function countStatements() {
    let count = 0;
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => {
        count += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const { database } = alerting.services;
    const transaction: Database['transaction'] = (fn) =>
      database.transaction((tx) => fn(tx.withPlugin(counting)));
    return { services: { ...alerting.services, database: { ...database, transaction } }, count: () => count };
  }

  it('S13 B38 ten thousand problems at once are told as a handful, and the worst first', async () => {
    const flood = Array.from({ length: 10_000 }, (_, index) =>
      finding(`p${String(index)}`, { severity: index === 9_999 ? 'critical' : 'warning' }),
    );
    const statements = countStatements();
    expect(await reconcileFindings(statements.services, reportOf(flood))).toMatchObject({ opened: 10_000 });
    const first = told();
    expect(await reconcileFindings(statements.services, reportOf(flood))).toMatchObject({ seen: 10_000 });
    expect(statements.count()).toBeLessThan(350); // and not tens of thousands
    for (let swept = 0; swept < 5; swept += 1) await alerting.sweep();
    expect([...first, ...told()]).toHaveLength(policy.stormAlerts + 1);
    expect(first).toContain('opened p9999');
    expect(first).toContain('opened More problems at once than are told one by one');
    const storm = await alertOf('alert-storm:operational');
    const effects = (await alerting.alerts()).filter((row) => row.cause_alert_id === storm.id);
    expect(effects).toHaveLength(10_000 - policy.stormAlerts);
    expect(await alerting.look(flood.slice(0, 3))).toMatchObject({ resolved: 9_997 });
    for (let swept = 0; swept < 15; swept += 1) await alerting.sweep();
    const after = told();
    expect(after).toContain('resolved More problems at once than are told one by one');
    expect(after.length).toBeLessThanOrEqual(policy.stormAlerts + 4);
    expect(
      (await alerting.alerts()).filter((row) => row.status === 'open' && row.tell_transition !== null),
    ).toEqual([]);
  });

  it('S13 B38 a storm is told to whoever would have been told of its alerts, whatever their rules look at, and of its end', async () => {
    await alerting.clear();
    await alerting.addChannel('one', { rule: false });
    await alerting.addChannel('two', { rule: false, url: `${alerting.server.url}/two` });
    await alerting.addRule('first', { match: { sources: ['sweep-test'] }, to: ['one'] });
    await alerting.addRule('second', { match: { sources: ['sweep-other'] }, to: ['two'] });
    const flood = Array.from({ length: 45 }, (_, index) =>
      finding(`p${String(index)}`, { severity: 'warning' }),
    );
    const storm = 'More problems at once than are told one by one';
    const ofStorm = () =>
      alerting.server.requests
        .splice(0)
        .filter(({ body }) => body.includes(storm))
        .map(({ path, body }) => `${path} ${(JSON.parse(body) as { transition: string }).transition}`);
    await alerting.look(flood);
    await alerting.sweep();
    expect(ofStorm()).toEqual(['/ opened']);
    await alerting.look([finding('late', { severity: 'warning' })], { source: 'sweep-other' });
    await alerting.sweep();
    expect(ofStorm()).toEqual(['/two opened']);
    await alerting.look(flood.slice(0, 20));
    await alerting.sweep(policy.stormWithinMs);
    expect(ofStorm().toSorted()).toEqual(['/ resolved', '/two resolved']);
  });

  it('S8 B42 what is found in the minutes after an outage of the platform itself is told only if it lasts', async () => {
    const { services, database } = alerting;
    const tick = async (): Promise<void> => {
      const at = services.now();
      const row = { timer_name: NOTIFICATIONS_TIMER, due_at: at, instance_id: 'i', started_at: at };
      await database.db.insertInto('timer_ticks').values(row).execute();
      await alerting.sweep(minute);
    };
    for (let run = 0; run < 3; run += 1) await tick();
    services.advance(5 * 60 * minute);
    const silent = Array.from({ length: 15 }, (_, index) => finding(`silent${String(index)}`));
    await alerting.look([...silent, finding('lost', { class: 'data_loss' })]);
    expect(told()).toEqual(['opened lost']);
    for (let run = 0; run < 3; run += 1) await tick();
    await alerting.look([...silent.slice(0, 1), finding('lost', { class: 'data_loss' })]);
    for (let run = 0; run < 6; run += 1) await tick();
    expect(told()).toEqual(['opened silent0']);
    await alerting.look([finding('later'), ...silent.slice(0, 1)]);
    expect(told().toSorted()).toEqual(['opened later', 'resolved lost']);
  });

  it('S14 B42 the timers whose ticks say that the platform is up are there, and tick every minute', () => {
    const timers = [...alertTimers, ...sweeperTimers];
    const schedules = signsOfLife.map((name) => timers.find((timer) => timer.name === name)?.schedule);
    expect(schedules.every((schedule) => /^\d+ \* \* \* \* \*$/.test(schedule ?? ''))).toBe(true);
  });
});
