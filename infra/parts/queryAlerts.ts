import * as monitor from '@pulumi/azure-native/monitor/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import type { SavedQuery } from '../queries/savedQueries.ts';
import type { Monitoring } from './monitoring.ts';

/** An alert for each saved query that says when it is one. */
export class QueryAlerts extends pulumi.ComponentResource {
  constructor(place: Place, monitoring: Monitoring, queries: readonly SavedQuery[]) {
    super('datasync:monitor:QueryAlerts', 'query-alerts');
    for (const query of queries)
      if (query.alert !== undefined) rule(place, monitoring, { ...query, alert: query.alert }, this);
    this.registerOutputs({});
  }
}

type AlertQuery = SavedQuery & { readonly alert: NonNullable<SavedQuery['alert']> };

function rule(place: Place, monitoring: Monitoring, saved: AlertQuery, parent: pulumi.Resource): void {
  const { names, resourceGroupName, location, tags } = place;
  const { alert, name, title, shows, runbook } = saved;
  const { measure, aggregation = 'Count' } = alert;
  new monitor.ScheduledQueryRule(
    `alert-${name}`,
    {
      ruleName: names.named(`alert-${name}`),
      displayName: title,
      description: `${shows} What to do: ${saved.do}`,
      resourceGroupName,
      location,
      tags,
      enabled: true,
      severity: alert.severity,
      scopes: [monitoring.insights.id],
      evaluationFrequency: alert.every,
      windowSize: alert.window,
      autoMitigate: true,
      // Custom events have no table before the first of them has come.
      skipQueryValidation: true,
      criteria: {
        allOf: [
          {
            query: saved.query,
            timeAggregation: aggregation,
            ...(measure === undefined ? {} : { metricMeasureColumn: measure }),
            operator: alert.operator === 'Equal' ? 'Equals' : alert.operator,
            threshold: alert.threshold,
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ],
      },
      actions: {
        actionGroups: [monitoring.groupFor(alert.severity).id],
        customProperties: { runbook: runbook ?? '', query: name },
      },
    },
    { parent },
  );
}
