import * as web from '@pulumi/azure-native/web/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';

/** The plan and the app on it. */
export class FunctionApp extends pulumi.ComponentResource {
  readonly plan: web.AppServicePlan;
  readonly app: web.WebApp;

  constructor(place: Place) {
    super('datasync:web:FunctionApp', 'app');
    const { configuration, names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    const { plan } = configuration;
    this.plan = new web.AppServicePlan(
      'plan',
      {
        name: names.named('plan'),
        resourceGroupName,
        location,
        tags,
        kind: 'linux',
        reserved: true,
        sku:
          plan.kind === 'appService'
            ? { name: plan.sku, capacity: plan.instances }
            : { name: 'FC1', tier: 'FlexConsumption' },
      },
      parent,
    );
    this.app = new web.WebApp(
      'app',
      {
        name: names.app,
        resourceGroupName,
        location,
        tags,
        kind: 'functionapp,linux',
        serverFarmId: this.plan.id,
        httpsOnly: true,
        siteConfig: { minTlsVersion: '1.2', ftpsState: 'Disabled' },
      },
      parent,
    );
    this.registerOutputs({});
  }
}
