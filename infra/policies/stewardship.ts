import { azureFacts } from './azureFacts.ts';
import { copiedAndDropped } from './exceptions.ts';
import { stackRule, type StackBreach, type Subject } from './rule.ts';
import type { Stack, StackResource } from './stack.ts';

/** By which a bill and a finding find their owner. */
const requiredTags = ['application', 'environment', 'owner', 'stack'];

export const stewardship: Subject = {
  title: 'Stewardship',
  rules: [
    stackRule({
      name: 'known-types',
      wants:
        'Every kind of resource has been thought about: whether it has tags and diagnostic settings is written down.',
      breaches: ({ resources }) =>
        resources
          .filter(({ type }) => type.startsWith('azure-native:') && !(type in azureFacts))
          .map((of) => ({
            of,
            is: `is of a kind that no rule has thought of (${of.type})`,
            wanted: 'a line in infra/policies/azureFacts.ts, and whatever rule it needs',
          })),
    }),
    stackRule({
      name: 'tags',
      wants: `What can have tags has ${requiredTags.join(', ')}.`,
      breaches: ({ resources }) =>
        resources
          .filter(({ type }) => azureFacts[type]?.hasTags === true)
          .flatMap((of) => {
            const tags = 'tags' in of.props ? (of.props.tags ?? {}) : {};
            const missing = requiredTags.filter((tag) => (tags[tag] ?? '') === '');
            return missing.length === 0
              ? []
              : [{ of, is: `has no tag ${missing.join(', ')}`, wanted: `tags ${requiredTags.join(', ')}` }];
          }),
    }),
    stackRule({
      name: 'budget',
      wants: 'A monthly budget tells somebody before it is spent.',
      breaches: withoutBudget,
    }),
    stackRule({
      name: 'diagnostics',
      wants: 'What can write diagnostic logs or metrics sends them to the workspace.',
      exceptions: [copiedAndDropped],
      breaches: withoutDiagnostics,
    }),
  ],
};

function withoutBudget(stack: Stack): StackBreach[] {
  const budgets = stack.of('azure-native:consumption:Budget');
  if (budgets.length === 0) return [{ is: 'has no budget', wanted: 'a consumption.Budget' }];
  return budgets.flatMap((of) => {
    const { amount = 0, timeGrain, notifications = {} } = of.props;
    const isTold = Object.values(notifications).some((one) => {
      const { enabled, threshold = 101, contactEmails = [], contactGroups = [] } = one ?? {};
      return enabled === true && threshold <= 100 && contactEmails.length + contactGroups.length > 0;
    });
    return [
      ...(amount > 0 && timeGrain === 'Monthly'
        ? []
        : [{ of, is: `allows ${amount} ${timeGrain ?? 'without a time'}`, wanted: 'an amount a month' }]),
      ...(isTold
        ? []
        : [
            {
              of,
              is: 'tells nobody before it is spent',
              wanted: 'an enabled notification at 100 % or less, with contacts',
            },
          ]),
    ];
  });
}

function withoutDiagnostics(stack: Stack): StackBreach[] {
  const settings = stack.of('azure-native:monitor:DiagnosticSetting');
  return stack.resources
    .filter(({ type }) => azureFacts[type]?.hasDiagnostics === true)
    .filter(
      (resource) => !settings.some((one) => one.refersTo('resourceUri', resource) && isSending(one, stack)),
    )
    .map((of) => ({
      of,
      is: 'sends its diagnostics nowhere',
      wanted: 'a DiagnosticSetting with logs or metrics enabled, to the workspace',
    }));
}

function isSending(setting: StackResource<'azure-native:monitor:DiagnosticSetting'>, stack: Stack): boolean {
  const { logs = [], metrics = [] } = setting.props;
  const workspaces = stack.of('azure-native:operationalinsights:Workspace');
  return (
    workspaces.some((workspace) => setting.refersTo('workspaceId', workspace)) &&
    [...logs, ...metrics].some(({ enabled }) => enabled === true)
  );
}
