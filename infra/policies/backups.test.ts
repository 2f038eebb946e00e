import { describe, expect, it } from 'vitest';
import type { Sample } from '../../test/support/judging.ts';
import { but, expectACaseForEach, expectVerdicts, type RuleCase } from '../../test/support/ruleCases.ts';
import { backups } from './backups.ts';

const database: Sample = { type: 'azure-native:sql:Database', name: 'database' };
const restore: Sample = {
  type: 'azure-native:sql:BackupShortTermRetentionPolicy',
  name: 'restore',
  props: { retentionDays: 7 },
  from: { databaseName: ['database'] },
};
const schedule = { schedulePolicyType: 'SimpleSchedulePolicy', scheduleRunFrequency: 'Daily' };
const retention = (count: number | undefined) => ({
  retentionPolicyType: 'LongTermRetentionPolicy',
  dailySchedule: { retentionDuration: { count, durationType: 'Days' } },
});
const daily = {
  backupManagementType: 'AzureStorage',
  schedulePolicy: schedule,
  retentionPolicy: retention(7),
};
const policy: Sample = {
  type: 'azure-native:recoveryservices:ProtectionPolicy',
  name: 'daily',
  props: { properties: daily },
};
const share: Sample = { type: 'azure-native:storage:FileShare', name: 'archive' };
const item: Sample = {
  type: 'azure-native:recoveryservices:ProtectedItem',
  name: 'item',
  from: { protectedItemName: ['archive'] },
};
const app = (keep: string): Sample => ({
  type: 'azure-native:web:WebApp',
  name: 'app',
  props: { siteConfig: { appSettings: [{ name: 'SHARE_SNAPSHOTS_KEEP', value: keep }] } },
});
const noSnapshots =
  'FileShare “archive” has no snapshots; wanted: a ProtectedItem of it, or SHARE_SNAPSHOTS_KEEP of 7 or more.';

const cases: readonly RuleCase[] = [
  {
    rule: 'database-restore',
    good: [database, restore, { ...database, name: 'replica', props: { createMode: 'Secondary' } }],
    bad: [
      [
        [database],
        [
          'Database “database” has no restore to a point in time of its own; wanted: a BackupShortTermRetentionPolicy of 7 to 35 days.',
        ],
      ],
      [
        [database, but(restore, { retentionDays: 6 })],
        ['Database “database” keeps 6 days; wanted: a BackupShortTermRetentionPolicy of 7 to 35 days.'],
      ],
      [
        [database, { ...restore, from: {} }],
        [
          'Database “database” has no restore to a point in time of its own; wanted: a BackupShortTermRetentionPolicy of 7 to 35 days.',
        ],
      ],
    ],
  },
  {
    rule: 'snapshot-schedule',
    good: [policy, but(policy, { properties: { backupManagementType: 'AzureIaasVM' } })],
    bad: [
      [
        [
          but(policy, {
            properties: { ...daily, schedulePolicy: { ...schedule, scheduleRunFrequency: 'Weekly' } },
          }),
        ],
        ['ProtectionPolicy “daily” takes no daily snapshot; wanted: scheduleRunFrequency: Daily.'],
      ],
      [
        [but(policy, { properties: { ...daily, retentionPolicy: retention(undefined) } })],
        ['ProtectionPolicy “daily” keeps daily snapshots 0 days; wanted: dailySchedule of 7 Days or more.'],
      ],
      [
        [but(policy, { properties: { ...daily, retentionPolicy: retention(5) } })],
        ['ProtectionPolicy “daily” keeps daily snapshots 5 days; wanted: dailySchedule of 7 Days or more.'],
      ],
    ],
  },
  {
    rule: 'shares-snapshotted',
    good: [share, item],
    bad: [
      [[share], [noSnapshots]],
      [[share, app('3')], [noSnapshots]],
      [[share, but(app('7'), { siteConfig: { appSettings: [] } })], [noSnapshots]],
    ],
  },
];

describe('backups', () => {
  it('D4 every rule has its good and its bad', () => expectACaseForEach(backups, cases));

  it.each(cases)('D4 $rule', async (one) => {
    await expectVerdicts(backups, one);
    expect.hasAssertions();
  });
});

it('D4 shares-snapshotted takes the functions for it', async () => {
  await expectVerdicts(backups, { rule: 'shares-snapshotted', good: [share, app('7')], bad: [] });
  expect.hasAssertions();
});

it('D4 shares-snapshotted takes settings that Azure does not give back for those that the preview has judged', async () => {
  const bare: Sample = { type: 'azure-native:web:WebApp', name: 'app' };
  await expectVerdicts(backups, { rule: 'shares-snapshotted', good: [share, bare], bad: [] });
  expect.hasAssertions();
});
