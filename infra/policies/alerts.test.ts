import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { alerts } from './alerts.ts';
import { azurePages } from './runbookPages.ts';

const group: Sample = {
  type: 'azure-native:monitor:ActionGroup',
  name: 'critical',
  props: { enabled: true, groupShortName: 'critical', emailReceivers: [{ emailAddress: 'o@example.com' }] },
};
const alert = (page: string): Sample => ({
  type: 'azure-native:monitor:ScheduledQueryRule',
  name: page,
  props: { enabled: true, actions: { actionGroups: ['id'], customProperties: { runbook: page } } },
  from: { actions: ['critical'] },
});
const metric = (page: string): Sample => ({
  type: 'azure-native:monitor:MetricAlert',
  name: page,
  props: { enabled: true, actions: [{ actionGroupId: 'id', webHookProperties: { runbook: page } }] },
  from: { actions: ['critical'] },
});
const [first = '', ...others] = azurePages;
const without = (page: string): string =>
  `The stack has no alert that leads to the page ${page} of the runbook; wanted: an enabled alert whose custom property runbook is ${page}.`;

const cases: readonly RuleCase[] = [
  {
    rule: 'alert-for-each-page',
    good: [metric(first), ...others.map(alert)],
    bad: [
      [others.map(alert), [without(first)]],
      [[but(alert(first), { enabled: false }), ...others.map(alert)], [without(first)]],
      [[but(alert(first), { actions: {}, displayName: first }), ...others.map(alert)], [without(first)]],
    ],
  },
  {
    rule: 'alerts-are-heard',
    good: [but(group, { smsReceivers: [] }), alert('server-down'), metric('database-full')],
    bad: [
      [
        [group, { ...alert('server-down'), from: {} }],
        [
          'ScheduledQueryRule “server-down” calls no action group; wanted: actions with the id of one that has receivers.',
        ],
      ],
      [
        [but(group, { emailReceivers: [] }), metric('database-full')],
        [
          'ActionGroup “critical” tells nobody; wanted: enabled: true and at least one receiver.',
          'MetricAlert “database-full” calls no action group; wanted: actions with the id of one that has receivers.',
        ],
      ],
      [
        [but(group, { enabled: false })],
        ['ActionGroup “critical” tells nobody; wanted: enabled: true and at least one receiver.'],
      ],
    ],
  },
];

describe('alerts', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(alerts, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(alerts, one);
    expect.hasAssertions();
  });
});
