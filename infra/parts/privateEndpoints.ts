import * as network from '@pulumi/azure-native/network/index.js';
import * as privatedns from '@pulumi/azure-native/privatedns/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import type { Network } from './network.ts';

/** A service that is reached by an address of the network alone. */
export interface Reached {
  readonly name: string;
  readonly id: pulumi.Input<string>;
  /** As Private Link calls the part of it: `blob`, `sqlServer`, `vault`. */
  readonly part: string;
  readonly zone: string;
}

export const zones = {
  blob: 'privatelink.blob.core.windows.net',
  queue: 'privatelink.queue.core.windows.net',
  table: 'privatelink.table.core.windows.net',
  sql: 'privatelink.database.windows.net',
  vault: 'privatelink.vaultcore.azure.net',
  redis: 'privatelink.redis.azure.net',
} as const;

export class PrivateEndpoints extends pulumi.ComponentResource {
  constructor(place: Place, within: Network, reached: readonly Reached[]) {
    super('datasync:network:PrivateEndpoints', 'private-endpoints');
    const { names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    const zoneIds = new Map<string, pulumi.Output<string>>();
    for (const zoneName of new Set(reached.map(({ zone }) => zone))) {
      const zone = new privatedns.PrivateZone(
        `zone-${zoneName}`,
        { privateZoneName: zoneName, resourceGroupName, location: 'Global', tags },
        parent,
      );
      new privatedns.VirtualNetworkLink(
        `link-${zoneName}`,
        {
          virtualNetworkLinkName: names.named('link'),
          privateZoneName: zone.name,
          resourceGroupName,
          location: 'Global',
          tags,
          registrationEnabled: false,
          virtualNetwork: { id: within.virtualNetworkId },
        },
        parent,
      );
      zoneIds.set(zoneName, zone.id);
    }
    for (const { name, id, part, zone } of reached) {
      const endpoint = new network.PrivateEndpoint(
        `endpoint-${name}`,
        {
          privateEndpointName: names.named(`pe-${name}`),
          resourceGroupName,
          location,
          tags,
          subnet: { id: within.endpointSubnetId },
          privateLinkServiceConnections: [{ name, privateLinkServiceId: id, groupIds: [part] }],
        },
        parent,
      );
      new network.PrivateDnsZoneGroup(
        `names-${name}`,
        {
          privateDnsZoneGroupName: 'default',
          privateEndpointName: endpoint.name,
          resourceGroupName,
          privateDnsZoneConfigs: [{ name: part, privateDnsZoneId: zoneIds.get(zone) ?? '' }],
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}
