import * as web from '@pulumi/azure-native/web/index.js';
import * as pulumi from '@pulumi/pulumi';
import { STAGING_SLOT } from '../names.ts';
import type { Place } from '../place.ts';
import { type AppFacts, type AppSettings, appSettings, slotSettings } from '../settings/appSettings.ts';
import type { HostStorage } from './hostStorage.ts';
import type { Identity } from './identity.ts';
import type { Network } from './network.ts';

/** What `package.json` pins, too; Azure runs the same. */
const NODE_MAJOR = '24';

export interface FunctionAppArgs {
  readonly network: Network;
  readonly identity: Identity;
  readonly hostStorage: HostStorage;
  readonly facts: Pick<AppFacts, 'filesCredentialUrl' | 'references'>;
}

/** The plan, the app on it, and beside it a staging slot where the plan has slots. */
export class FunctionApp extends pulumi.ComponentResource {
  readonly plan: web.AppServicePlan;
  readonly app: web.WebApp;
  readonly slot: web.WebAppSlot | undefined;
  readonly origin: string;

  /** `after`: rights and secrets that the app looks for when it starts. */
  constructor(place: Place, args: FunctionAppArgs, after: readonly pulumi.Resource[]) {
    super('datasync:web:FunctionApp', 'app');
    const { names, resourceGroupName } = place;
    this.plan = plan(place, this);
    this.origin = `https://${names.app}.azurewebsites.net`;
    const settings = (origin: string, isStaging: boolean): AppSettings =>
      appSettings({
        configuration: place.configuration,
        hostStorageName: args.hostStorage.account.name,
        clientId: args.identity.identity.clientId,
        ...args.facts,
        origin,
        isStaging,
      });
    const options = { parent: this, dependsOn: [...after] };
    this.app = new web.WebApp(
      'app',
      { name: names.app, ...site(place, args, this.plan, settings(this.origin, false)) },
      options,
    );
    closeBasicSignIn('app', { name: this.app.name, resourceGroupName }, this);
    this.slot = hasStagingSlot(place) ? this.#slot(place, args, settings, after) : undefined;
    this.registerOutputs({});
  }

  #slot(
    place: Place,
    args: FunctionAppArgs,
    settings: (origin: string, isStaging: boolean) => AppSettings,
    after: readonly pulumi.Resource[],
  ): web.WebAppSlot {
    const { names, resourceGroupName } = place;
    const name = this.app.name;
    const origin = `https://${names.app}-${STAGING_SLOT}.azurewebsites.net`;
    const sticky = new web.WebAppSlotConfigurationNames(
      'slot-settings',
      { name, resourceGroupName, appSettingNames: [...slotSettings] },
      { parent: this },
    );
    const slot = new web.WebAppSlot(
      STAGING_SLOT,
      { name, slot: STAGING_SLOT, ...site(place, args, this.plan, settings(origin, true)) },
      { parent: this, dependsOn: [...after, sticky] },
    );
    closeBasicSignIn(STAGING_SLOT, { name, slot: STAGING_SLOT, resourceGroupName }, this, slot);
    return slot;
  }
}

function hasStagingSlot({ configuration: { plan } }: Place): boolean {
  return plan.kind === 'appService' && plan.stagingSlot;
}

function plan(place: Place, parent: pulumi.Resource): web.AppServicePlan {
  const { configuration, names, resourceGroupName, location, tags } = place;
  const sku =
    configuration.plan.kind === 'appService'
      ? { name: configuration.plan.sku, capacity: configuration.plan.instances }
      : { name: 'FC1', tier: 'FlexConsumption' };
  return new web.AppServicePlan(
    'plan',
    { name: names.named('plan'), resourceGroupName, location, tags, kind: 'linux', reserved: true, sku },
    { parent },
  );
}

/** App and slot are alike but for their settings. */
function site(place: Place, args: FunctionAppArgs, onPlan: web.AppServicePlan, settings: AppSettings) {
  const { resourceGroupName, location, tags, configuration } = place;
  const identityId = args.identity.identity.id;
  const appSettingPairs = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return {
    resourceGroupName,
    location,
    tags,
    kind: 'functionapp,linux',
    reserved: true,
    serverFarmId: onPlan.id,
    httpsOnly: true,
    // Any instance answers any agent.
    clientAffinityEnabled: false,
    identity: { type: web.ManagedServiceIdentityType.UserAssigned, userAssignedIdentities: [identityId] },
    keyVaultReferenceIdentity: identityId,
    virtualNetworkSubnetId: args.network.appSubnetId,
    outboundVnetRouting: { applicationTraffic: true },
    siteConfig: {
      appSettings: appSettingPairs,
      minTlsVersion: '1.2',
      scmMinTlsVersion: '1.2',
      ftpsState: 'Disabled',
      http20Enabled: true,
      ...(configuration.plan.kind === 'appService'
        ? {
            linuxFxVersion: `NODE|${NODE_MAJOR}`,
            // Without it an idle app is unloaded, and no timer runs.
            alwaysOn: true,
            healthCheckPath: '/api/health',
            numberOfWorkers: configuration.plan.instances,
          }
        : {}),
    },
    ...(configuration.plan.kind === 'flexConsumption'
      ? { functionAppConfig: flexConfiguration(configuration.plan, args.hostStorage, identityId) }
      : {}),
  };
}

function flexConfiguration(
  { memoryMb, instances }: { readonly memoryMb: number; readonly instances: number },
  hostStorage: HostStorage,
  identityId: pulumi.Input<string>,
) {
  return {
    deployment: {
      storage: {
        type: 'blobContainer',
        value: pulumi.interpolate`${hostStorage.account.primaryEndpoints.blob}packages`,
        authentication: {
          type: 'UserAssignedIdentity',
          userAssignedIdentityResourceId: identityId,
        },
      },
    },
    runtime: { name: 'node', version: NODE_MAJOR },
    scaleAndConcurrency: { instanceMemoryMB: memoryMb, maximumInstanceCount: instances },
  };
}

/** No password of the app's own: whoever deploys signs in to Entra. */
function closeBasicSignIn(
  prefix: string,
  site: {
    readonly name: pulumi.Input<string>;
    readonly slot?: string;
    readonly resourceGroupName: pulumi.Input<string>;
  },
  parent: pulumi.Resource,
  after?: pulumi.Resource,
): void {
  const options = { parent, ...(after === undefined ? {} : { dependsOn: [after] }) };
  const { slot, ...app } = site;
  if (slot === undefined) {
    new web.WebAppScmAllowed(`${prefix}-scm`, { ...app, allow: false }, options);
    new web.WebAppFtpAllowed(`${prefix}-ftp`, { ...app, allow: false }, options);
  } else {
    new web.WebAppScmAllowedSlot(`${prefix}-scm`, { ...app, slot, allow: false }, options);
    new web.WebAppFtpAllowedSlot(`${prefix}-ftp`, { ...app, slot, allow: false }, options);
  }
}
