import { describe, expect, it } from 'vitest';
import { CHANNEL_FAILING, routesOf, type Routed, type RoutedChannel, type Rule } from './routing.ts';

const channels: RoutedChannel[] = [
  { id: 'mail', kind: 'email', defaultRecipients: ['owner@example.org'] },
  { id: 'teams', kind: 'teams', defaultRecipients: [] },
  { id: 'pager', kind: 'pagerduty', defaultRecipients: [] },
];
const alert: Routed = {
  severity: 'critical',
  class: 'operational',
  source: 'sweep-offline',
  fingerprint: 'f',
  runnerId: 'r1',
  groupId: 'g1',
};
const rule = (more: Partial<Rule> & { to?: string[] }): Rule => ({
  enabled: true,
  match: { minSeverity: 'info' },
  routes: (more.to ?? []).map((channelId) => ({ channelId, recipients: [] })),
  ...more,
});
const told = (one: Partial<Routed>, rules: Rule[]) =>
  routesOf({ ...alert, ...one }, rules, channels).map(
    ({ channelId, withoutDetail }) => channelId + (withoutDetail ? ' without detail' : ''),
  );

describe('routesOf', () => {
  it('S8 tells Teams and e-mail of critical alerts, and nobody of others, where no rule says otherwise', () => {
    expect(told({}, [])).toEqual(['mail', 'teams']);
    expect(told({ severity: 'warning' }, [])).toEqual([]);
    expect(told({}, [rule({ enabled: false, to: ['pager'] })])).toEqual(['mail', 'teams']);
    expect(told({}, [rule({ match: { minSeverity: 'info', runnerIds: ['r2'] }, to: ['pager'] })])).toEqual([
      'mail',
      'teams',
    ]);
    expect(told({}, [rule({ to: [] })])).toEqual([]);
  });

  it('S8 lets the first enabled rule that matches decide, by severity, class, source, runner and group', () => {
    const last = rule({ to: ['mail'] });
    const by = (match: Rule['match']) => told({}, [rule({ match, to: ['pager'] }), last]);
    expect(by({ minSeverity: 'critical' })).toEqual(['pager']);
    expect(by({ minSeverity: 'info', classes: ['data_loss'] })).toEqual(['mail']);
    expect(by({ minSeverity: 'info', sources: ['sweep-offline'] })).toEqual(['pager']);
    expect(by({ minSeverity: 'info', sources: ['other'] })).toEqual(['mail']);
    expect(by({ minSeverity: 'info', runnerIds: ['r1'], groupIds: ['g2'] })).toEqual(['mail']);
    expect(by({ minSeverity: 'info', groupIds: ['g1'] })).toEqual(['pager']);
    expect(told({ severity: 'info' }, [rule({ match: { minSeverity: 'warning' }, to: ['pager'] })])).toEqual(
      [],
    );
  });

  it('S8 gives the words of a security alert only to rules that name the class, others an id', () => {
    const catchAll = rule({ to: ['teams', 'mail'] });
    const contacts = rule({ match: { minSeverity: 'info', classes: ['security'] }, to: ['mail'] });
    const security = { class: 'security' };
    expect(told(security, [])).toEqual(['mail without detail', 'teams without detail']);
    expect(told(security, [catchAll])).toEqual(['teams without detail', 'mail without detail']);
    expect(told(security, [catchAll, contacts])).toEqual(['mail', 'teams without detail']);
    expect(told({}, [contacts, catchAll])).toEqual(['teams', 'mail']);
  });

  it('S8 uses a rule’s recipients, else the channel’s own, one route a channel', () => {
    const routes = [
      { channelId: 'mail', recipients: ['a@example.org'] },
      { channelId: 'mail', recipients: [] },
      { channelId: 'gone', recipients: [] },
    ];
    expect(routesOf(alert, [rule({ routes })], channels)).toEqual([
      { channelId: 'mail', recipients: ['a@example.org', 'owner@example.org'], withoutDetail: false },
    ]);
  });

  it('S15 never tells a channel through itself that it fails', () => {
    expect(told({ fingerprint: `${CHANNEL_FAILING}mail` }, [])).toEqual(['teams']);
  });

  it('S15 tells of a failing channel through every other one where the rules know only that one', () => {
    const fingerprint = `${CHANNEL_FAILING}teams`;
    expect(told({ fingerprint }, [rule({ to: ['teams'] })])).toEqual(['mail', 'pager']);
    expect(told({ fingerprint, severity: 'warning' }, [])).toEqual(['mail', 'pager']);
    const nobodyNamed = channels.map((channel) => ({ ...channel, defaultRecipients: [] }));
    expect(routesOf({ ...alert, fingerprint }, [rule({ to: [] })], nobodyNamed)).toMatchObject([
      { channelId: 'pager' },
    ]);
  });
});
