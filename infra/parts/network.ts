import * as network from '@pulumi/azure-native/network/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import { subnetOf } from './addressRanges.ts';

/** What lets storage, database and vault tell the app's calls from anybody's; it costs nothing. */
const serviceEndpoints = ['Microsoft.Storage', 'Microsoft.Sql', 'Microsoft.KeyVault'];

/** The network that the app calls from, with room for private endpoints. */
export class Network extends pulumi.ComponentResource {
  readonly virtualNetworkId: pulumi.Output<string>;
  /** Delegated to the plan: no other resource may be in it. */
  readonly appSubnetId: pulumi.Output<string>;
  readonly endpointSubnetId: pulumi.Output<string>;

  constructor(place: Place) {
    super('datasync:network:Network', 'network');
    const { configuration, names, resourceGroupName, location, tags } = place;
    const { addressSpace } = configuration.network;
    const parent = { parent: this };
    const virtualNetwork = new network.VirtualNetwork(
      'network',
      {
        virtualNetworkName: names.named('vnet'),
        resourceGroupName,
        location,
        tags,
        addressSpace: { addressPrefixes: [addressSpace] },
      },
      // Subnets are resources of their own here; the network lists them as well.
      { ...parent, ignoreChanges: ['subnets'] },
    );
    const app = new network.Subnet(
      'app-subnet',
      {
        subnetName: 'app',
        resourceGroupName,
        virtualNetworkName: virtualNetwork.name,
        addressPrefix: subnetOf(addressSpace, 26, 0),
        serviceEndpoints: serviceEndpoints.map((service) => ({ service })),
        delegations: [{ name: 'app', serviceName: delegateOf(configuration.plan.kind) }],
      },
      parent,
    );
    const endpoints = new network.Subnet(
      'endpoint-subnet',
      {
        subnetName: 'endpoints',
        resourceGroupName,
        virtualNetworkName: virtualNetwork.name,
        addressPrefix: subnetOf(addressSpace, 26, 1),
        privateEndpointNetworkPolicies: 'Disabled',
      },
      // One change of a network at a time is all that Azure takes.
      { ...parent, dependsOn: [app] },
    );
    this.virtualNetworkId = virtualNetwork.id;
    this.appSubnetId = app.id;
    this.endpointSubnetId = endpoints.id;
    this.registerOutputs({});
  }
}

function delegateOf(plan: Place['configuration']['plan']['kind']): string {
  return plan === 'flexConsumption' ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms';
}
