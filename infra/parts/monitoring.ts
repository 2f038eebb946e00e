import * as applicationinsights from '@pulumi/azure-native/applicationinsights/index.js';
import * as monitor from '@pulumi/azure-native/monitor/index.js';
import * as operationalinsights from '@pulumi/azure-native/operationalinsights/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';

/** Where telemetry and diagnostic logs go, and who hears of them. */
export class Monitoring extends pulumi.ComponentResource {
  readonly workspace: operationalinsights.Workspace;
  readonly insights: applicationinsights.Component;
  readonly critical: monitor.ActionGroup;
  readonly warning: monitor.ActionGroup;

  constructor(place: Place) {
    super('datasync:monitor:Monitoring', 'monitoring');
    const { configuration, names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    this.workspace = new operationalinsights.Workspace(
      'workspace',
      {
        workspaceName: names.named('log'),
        resourceGroupName,
        location,
        tags,
        sku: { name: 'PerGB2018' },
        retentionInDays: configuration.logs.retentionDays,
        // A flood costs a day's limit and no more; what the functions send is bounded by themselves long before.
        workspaceCapping: { dailyQuotaGb: configuration.logs.dailyGb },
      },
      parent,
    );
    this.insights = new applicationinsights.Component(
      'insights',
      {
        resourceName: names.named('appi'),
        resourceGroupName,
        location,
        tags,
        kind: 'web',
        applicationType: 'web',
        ingestionMode: 'LogAnalytics',
        workspaceResourceId: this.workspace.id,
      },
      parent,
    );
    const { critical, warning } = configuration.alerts;
    this.critical = actionGroup(place, this, { kind: 'critical', addresses: critical });
    this.warning = actionGroup(place, this, {
      kind: 'warning',
      addresses: warning.length > 0 ? warning : critical,
    });
    this.registerOutputs({});
  }

  /** Severity as Azure counts it: 0 critical, 1 error, and less after. */
  groupFor(severity: number): monitor.ActionGroup {
    return severity <= 1 ? this.critical : this.warning;
  }
}

function actionGroup(
  { names, resourceGroupName, tags }: Place,
  parent: pulumi.Resource,
  { kind, addresses }: { readonly kind: string; readonly addresses: readonly string[] },
): monitor.ActionGroup {
  return new monitor.ActionGroup(
    kind,
    {
      actionGroupName: names.named(`ag-${kind}`),
      groupShortName: `ds-${kind}`,
      resourceGroupName,
      location: 'Global',
      tags,
      enabled: true,
      emailReceivers: addresses.map((emailAddress) => ({
        name: emailAddress,
        emailAddress,
        useCommonAlertSchema: true,
      })),
    },
    { parent },
  );
}
