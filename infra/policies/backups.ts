import { resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import { settingsOf } from './appSettings.ts';
import { copiedAndDropped } from './exceptions.ts';
import type { Stack } from './stack.ts';

const leastDays = 7;
/** Short-term retention of Azure SQL: 1 to 35 days, and 7 at most on Basic. */
const mostDays = 35;

export const backups: Subject = {
  title: 'Backups',
  rules: [
    stackRule({
      name: 'database-restore',
      wants: `Every database can be restored to any moment of the last ${leastDays} days or more.`,
      exceptions: [copiedAndDropped],
      breaches: databasesWithoutRestore,
    }),
    resourceRule({
      name: 'snapshot-schedule',
      wants: `A backup policy of shares takes a snapshot each day and keeps it ${leastDays} days or more.`,
      types: ['azure-native:recoveryservices:ProtectionPolicy'],
      breaches: ({ properties }) => {
        if (properties?.backupManagementType !== 'AzureStorage') return [];
        const { schedulePolicy: schedule, retentionPolicy: retention } = properties;
        const isDaily =
          schedule?.schedulePolicyType === 'SimpleSchedulePolicy' &&
          schedule.scheduleRunFrequency === 'Daily';
        const kept =
          retention?.retentionPolicyType === 'LongTermRetentionPolicy'
            ? retention.dailySchedule?.retentionDuration
            : undefined;
        const days = kept?.durationType === 'Days' ? (kept.count ?? 0) : 0;
        return [
          ...(isDaily ? [] : [{ is: 'takes no daily snapshot', wanted: 'scheduleRunFrequency: Daily' }]),
          ...(days >= leastDays
            ? []
            : [
                {
                  is: `keeps daily snapshots ${days} days`,
                  wanted: `dailySchedule of ${leastDays} Days or more`,
                },
              ]),
        ];
      },
    }),
    stackRule({
      name: 'shares-snapshotted',
      wants: `Every share is under a backup policy, or the functions take ${leastDays} daily snapshots of it.`,
      breaches: sharesWithoutSnapshots,
    }),
  ],
};

function databasesWithoutRestore(stack: Stack): StackBreach[] {
  const policies = stack.of('azure-native:sql:BackupShortTermRetentionPolicy');
  return stack
    .of('azure-native:sql:Database')
    .filter(({ props }) => props.createMode !== 'Secondary')
    .flatMap((database) => {
      const own = policies.find((policy) => policy.refersTo('databaseName', database));
      const days = own?.props.retentionDays;
      if (days !== undefined && days >= leastDays && days <= mostDays) return [];
      const is =
        own === undefined
          ? 'has no restore to a point in time of its own'
          : `keeps ${days ?? 'an unstated number of'} days`;
      return [
        { of: database, is, wanted: `a BackupShortTermRetentionPolicy of ${leastDays} to ${mostDays} days` },
      ];
    });
}

function sharesWithoutSnapshots(stack: Stack): StackBreach[] {
  const items = stack.of('azure-native:recoveryservices:ProtectedItem');
  const apps = stack.of('azure-native:web:WebApp');
  const byFunctions = apps.some((app) => {
    const settings = settingsOf(app, stack);
    return settings === undefined || Number(settings.get('SHARE_SNAPSHOTS_KEEP') ?? 0) >= leastDays;
  });
  if (byFunctions) return [];
  return stack
    .of('azure-native:storage:FileShare')
    .filter(
      (share) =>
        !items.some(
          (item) => item.refersTo('protectedItemName', share) || item.refersTo('properties', share),
        ),
    )
    .map((of) => ({
      of,
      is: 'has no snapshots',
      wanted: `a ProtectedItem of it, or SHARE_SNAPSHOTS_KEEP of ${leastDays} or more`,
    }));
}
