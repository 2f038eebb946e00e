import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { stewardship } from './stewardship.ts';

const tags = {
  application: 'datasync',
  environment: 'production',
  owner: 'o@example.com',
  stack: 'production',
};
const group: Sample = { type: 'azure-native:resources:ResourceGroup', name: 'group', props: { tags } };
const told = { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['o@example.com'] };
const budget: Sample = {
  type: 'azure-native:consumption:Budget',
  name: 'budget',
  props: { amount: 250, timeGrain: 'Monthly', notifications: { most: told } },
};
const vault: Sample = { type: 'azure-native:keyvault:Vault', name: 'vault' };
const workspace: Sample = { type: 'azure-native:operationalinsights:Workspace', name: 'logs' };
const setting: Sample = {
  type: 'azure-native:monitor:DiagnosticSetting',
  name: 'vault-diagnostics',
  props: { logs: [{ categoryGroup: 'allLogs', enabled: true }] },
  from: { resourceUri: ['vault'], workspaceId: ['logs'] },
};
const silent =
  'Vault “vault” sends its diagnostics nowhere; wanted: a DiagnosticSetting with logs or metrics enabled, to the workspace.';

const cases: readonly RuleCase[] = [
  {
    rule: 'known-types',
    good: [group, { type: 'pulumi:pulumi:Stack' }, { type: 'datasync:sql:Database' }],
    bad: [
      [
        [{ type: 'azure-native:compute/v20240101:VirtualMachine', name: 'vm' }],
        [
          'VirtualMachine “vm” is of a kind that no rule has thought of (azure-native:compute:VirtualMachine); wanted: a line in infra/policies/azureFacts.ts, and whatever rule it needs.',
        ],
      ],
    ],
  },
  {
    rule: 'tags',
    good: [group, { type: 'azure-native:storage:FileShare' }],
    bad: [
      [
        [but(group, { tags: { ...tags, owner: '', stack: undefined } })],
        [
          'ResourceGroup “group” has no tag owner, stack; wanted: tags application, environment, owner, stack.',
        ],
      ],
      [
        [but(group, { tags: undefined })],
        [
          'ResourceGroup “group” has no tag application, environment, owner, stack; wanted: tags application, environment, owner, stack.',
        ],
      ],
    ],
  },
  {
    rule: 'budget',
    good: [budget, but(budget, { notifications: { most: told, all: { ...told, threshold: 110 } } })],
    bad: [
      [[group], ['The stack has no budget; wanted: a consumption.Budget.']],
      [
        [but(budget, { timeGrain: 'Annually' })],
        ['Budget “budget” allows 250 Annually; wanted: an amount a month.'],
      ],
      ...[
        { ...told, enabled: false },
        { ...told, threshold: 110 },
        { ...told, contactEmails: [] },
      ].map(
        (notification) =>
          [
            [but(budget, { notifications: { most: notification } })],
            [
              'Budget “budget” tells nobody before it is spent; wanted: an enabled notification at 100 % or less, with contacts.',
            ],
          ] as const,
      ),
    ],
  },
  {
    rule: 'diagnostics',
    good: [
      vault,
      workspace,
      { ...workspace, name: 'others' },
      but(setting, { logs: [{ enabled: true }, { enabled: false }] }),
    ],
    bad: [
      [[vault, workspace], [silent]],
      [[vault, workspace, but(setting, { logs: [{ enabled: false }] })], [silent]],
      [[vault, workspace, { ...setting, from: { resourceUri: ['vault'] } }], [silent]],
    ],
  },
];

describe('stewardship', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(stewardship, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(stewardship, one);
    expect.hasAssertions();
  });
});
