import { stackRule, type StackBreach, type Subject } from './rule.ts';
import { azurePages } from './runbookPages.ts';
import type { Stack, StackResource } from './stack.ts';

type Alert = 'azure-native:monitor:MetricAlert' | 'azure-native:monitor:ScheduledQueryRule';

export const alerts: Subject = {
  title: 'Alerts',
  rules: [
    stackRule({
      name: 'alert-for-each-page',
      wants: `An alert of Azure leads to each page of the runbook that must not hang on the platform telling of itself: ${azurePages.join(', ')}.`,
      breaches: (stack) => {
        const alerted = new Set(
          alertsOf(stack)
            .filter(isOn)
            .flatMap(({ props }) => pagesIn(props)),
        );
        return azurePages
          .filter((page) => !alerted.has(page))
          .map((page) => ({
            is: `has no alert that leads to the page ${page} of the runbook`,
            wanted: `an enabled alert whose custom property runbook is ${page}`,
          }));
      },
    }),
    stackRule({
      name: 'alerts-are-heard',
      wants: 'Every alert reaches somebody: it names an action group that is on and has a receiver.',
      breaches: unheardAlerts,
    }),
  ],
};

function alertsOf(stack: Stack): readonly StackResource<Alert>[] {
  return [
    ...stack.of('azure-native:monitor:MetricAlert'),
    ...stack.of('azure-native:monitor:ScheduledQueryRule'),
  ] as readonly StackResource<Alert>[];
}

function isOn({ props }: StackResource<Alert>): boolean {
  return props.enabled !== false;
}

/** The page stands in the properties that go out with the alert: `actions.customProperties`, or `webHookProperties` of a metric’s action. */
function pagesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === 'runbook' && typeof inner === 'string' ? [inner] : pagesIn(inner),
  );
}

function unheardAlerts(stack: Stack): StackBreach[] {
  const groups = stack.of('azure-native:monitor:ActionGroup');
  const heard = groups.filter(({ props: { enabled, groupShortName: _, ...receivers } }) => {
    const lists = Object.entries(receivers).filter(([key]) => key.endsWith('Receivers'));
    return enabled !== false && lists.some(([, list]) => Array.isArray(list) && list.length > 0);
  });
  const quiet = groups.filter((group) => !heard.includes(group));
  return [
    ...quiet.map((of) => ({ of, is: 'tells nobody', wanted: 'enabled: true and at least one receiver' })),
    ...alertsOf(stack)
      .filter((alert) => isOn(alert) && !heard.some((group) => alert.refersTo('actions', group)))
      .map((of) => ({
        of,
        is: 'calls no action group',
        wanted: 'actions with the id of one that has receivers',
      })),
  ];
}
