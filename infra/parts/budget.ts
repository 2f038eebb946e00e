import * as consumption from '@pulumi/azure-native/consumption/index.js';
import type { Place } from '../place.ts';
import type { Monitoring } from './monitoring.ts';

/** Tells owner and action group before a month costs more than it may. It stops nothing: Azure has no such brake. */
export function budget(place: Place, monitoring: Monitoring, now: Date): consumption.Budget {
  const { configuration, names, resourceGroupId } = place;
  const notification = (threshold: number, thresholdType: 'Actual' | 'Forecasted') => ({
    enabled: true,
    operator: 'GreaterThanOrEqualTo',
    threshold,
    thresholdType,
    contactEmails: [configuration.owner],
    contactGroups: [monitoring.warning.id],
  });
  return new consumption.Budget(
    'budget',
    {
      budgetName: names.named('budget'),
      scope: resourceGroupId,
      category: 'Cost',
      amount: configuration.budget,
      timeGrain: 'Monthly',
      timePeriod: { startDate: `${now.toISOString().slice(0, 7)}-01T00:00:00Z` },
      notifications: {
        'spent-80': notification(80, 'Actual'),
        'spent-100': notification(100, 'Actual'),
        'forecast-100': notification(100, 'Forecasted'),
      },
    },
    // It begins with the month in which it is made, and Azure takes no later change of that.
    { ignoreChanges: ['timePeriod'] },
  );
}
