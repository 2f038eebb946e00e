import * as monitor from '@pulumi/azure-native/monitor/index.js';
import * as pulumi from '@pulumi/pulumi';

/** What a resource writes down; the functions tell Application Insights of themselves, and are not paid for twice. */
export interface Observed {
  readonly name: string;
  readonly id: pulumi.Input<string>;
  readonly logs?: readonly string[];
  readonly metric?: string;
  /** A table a category, where the service wants it so, instead of one for all of Azure. */
  readonly inOwnTables?: boolean;
}

/** Who deleted what: reads and writes of files are counted and not listed, as each range of a file would be a line. */
const STORAGE_LOGS = ['StorageDelete'];

export class Diagnostics extends pulumi.ComponentResource {
  constructor(workspaceId: pulumi.Input<string>, observed: readonly Observed[]) {
    super('datasync:monitor:Diagnostics', 'diagnostics');
    for (const { name, id, logs = [], metric, inOwnTables = false } of observed)
      new monitor.DiagnosticSetting(
        `diagnostics-${name}`,
        {
          name: 'to-workspace',
          resourceUri: id,
          workspaceId,
          ...(inOwnTables ? { logAnalyticsDestinationType: 'Dedicated' } : {}),
          logs: logs.map((category) => ({ category, enabled: true })),
          metrics: metric === undefined ? [] : [{ category: metric, enabled: true }],
        },
        { parent: this },
      );
    this.registerOutputs({});
  }
}

/** The services of an account that hold what somebody may ask for. */
export function storageServices(
  name: string,
  accountId: pulumi.Output<string>,
  services: readonly ('blob' | 'file' | 'queue' | 'table')[],
): Observed[] {
  return services.map((service) => ({
    name: `${name}-${service}`,
    id: pulumi.interpolate`${accountId}/${service}Services/default`,
    logs: STORAGE_LOGS,
    metric: 'Transaction',
  }));
}
