import * as monitor from '@pulumi/azure-native/monitor/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import type { Monitoring } from './monitoring.ts';

/** What Azure measures from outside, and so also when the platform cannot tell any more. */
export interface Watched {
  readonly databaseId: pulumi.Input<string>;
  readonly filesStorageId: pulumi.Input<string>;
  /** Undefined on Flex Consumption, which has no health check. */
  readonly appId: pulumi.Input<string> | undefined;
}

interface MetricRule {
  readonly name: string;
  readonly title: string;
  readonly on: keyof Watched;
  readonly metric: string;
  readonly aggregation: 'Average' | 'Maximum' | 'Total';
  readonly operator: 'GreaterThan' | 'LessThan';
  readonly threshold: number;
  readonly severity: number;
  readonly window: string;
  readonly runbook: string;
}

export const metricRules: readonly MetricRule[] = [
  {
    name: 'unhealthy',
    title: 'The app does not answer its health check',
    on: 'appId',
    metric: 'HealthCheckStatus',
    aggregation: 'Average',
    operator: 'LessThan',
    threshold: 100,
    severity: 1,
    window: 'PT5M',
    runbook: 'server-down',
  },
  {
    name: 'server-errors',
    title: 'The app answers with errors',
    on: 'appId',
    metric: 'Http5xx',
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: 50,
    severity: 1,
    window: 'PT15M',
    runbook: 'server-down',
  },
  {
    name: 'database-filling',
    title: 'The database is filling',
    on: 'databaseId',
    metric: 'storage_percent',
    aggregation: 'Maximum',
    operator: 'GreaterThan',
    threshold: 80,
    severity: 2,
    window: 'PT1H',
    runbook: 'database-full',
  },
  {
    name: 'database-full',
    title: 'The database is about to be full',
    on: 'databaseId',
    metric: 'storage_percent',
    aggregation: 'Maximum',
    operator: 'GreaterThan',
    threshold: 95,
    severity: 0,
    window: 'PT15M',
    runbook: 'database-full',
  },
  {
    name: 'database-refusals',
    title: 'Connections to the database fail for reasons of the database',
    on: 'databaseId',
    metric: 'connection_failed',
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: 20,
    severity: 1,
    window: 'PT15M',
    runbook: 'database-down',
  },
  {
    name: 'database-workers',
    title: 'The database runs out of workers',
    on: 'databaseId',
    metric: 'workers_percent',
    aggregation: 'Maximum',
    operator: 'GreaterThan',
    threshold: 90,
    severity: 1,
    window: 'PT15M',
    runbook: 'server-slow',
  },
  {
    name: 'share-unavailable',
    title: 'Storage of the archive fails calls',
    on: 'filesStorageId',
    metric: 'Availability',
    aggregation: 'Average',
    operator: 'LessThan',
    threshold: 99,
    severity: 1,
    window: 'PT15M',
    runbook: 'all-agents-failed',
  },
];

export class MetricAlerts extends pulumi.ComponentResource {
  constructor(place: Place, monitoring: Monitoring, watched: Watched) {
    super('datasync:monitor:MetricAlerts', 'metric-alerts');
    for (const rule of metricRules) {
      const scope = watched[rule.on];
      if (scope !== undefined) metricAlert(place, monitoring, { ...rule, scope }, this);
    }
    this.registerOutputs({});
  }
}

function metricAlert(
  { names, resourceGroupName, tags }: Place,
  monitoring: Monitoring,
  rule: MetricRule & { readonly scope: pulumi.Input<string> },
  parent: pulumi.Resource,
): void {
  new monitor.MetricAlert(
    `alert-${rule.name}`,
    {
      ruleName: names.named(`alert-${rule.name}`),
      description: rule.title,
      resourceGroupName,
      location: 'global',
      tags,
      enabled: true,
      severity: rule.severity,
      scopes: [rule.scope],
      evaluationFrequency: 'PT5M',
      windowSize: rule.window,
      autoMitigate: true,
      criteria: {
        odataType: 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion',
            name: rule.name,
            metricName: rule.metric,
            timeAggregation: rule.aggregation,
            operator: rule.operator,
            threshold: rule.threshold,
          },
        ],
      },
      actions: [
        {
          actionGroupId: monitoring.groupFor(rule.severity).id,
          webHookProperties: { runbook: rule.runbook },
        },
      ],
    },
    { parent },
  );
}
