import * as sql from '@pulumi/azure-native/sql/index.js';
import type * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import { boundsOf } from './addressRanges.ts';
import type { Network } from './network.ts';

interface ServerPart {
  readonly name: string;
  readonly serverName: string;
  readonly location: string;
  readonly parent: pulumi.Resource;
}

/** A server that knows Entra only. */
export function sqlServer(place: Place, part: ServerPart): sql.Server {
  const { configuration, resourceGroupName, tags, tenantId } = place;
  const { administrator } = configuration.sql;
  return new sql.Server(
    part.name,
    {
      serverName: part.serverName,
      resourceGroupName,
      location: part.location,
      tags,
      version: '12.0',
      minimalTlsVersion: '1.2',
      publicNetworkAccess: configuration.network.private ? 'Disabled' : 'Enabled',
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        login: administrator.name,
        sid: administrator.objectId,
        principalType: administrator.type,
        tenantId,
      },
    },
    { parent: part.parent, protect: true },
  );
}

interface CallersPart {
  readonly name: string;
  readonly server: sql.Server;
  readonly network: Network;
  readonly parent: pulumi.Resource;
}

/** The app by its subnet, people and pipelines by their addresses; nobody else, not even other customers of Azure. */
export function allowCallers({ configuration, resourceGroupName }: Place, part: CallersPart): void {
  if (configuration.network.private) return;
  const { parent } = part;
  const serverName = part.server.name;
  new sql.VirtualNetworkRule(
    `${part.name}-from-app`,
    {
      virtualNetworkRuleName: 'app',
      serverName,
      resourceGroupName,
      virtualNetworkSubnetId: part.network.appSubnetId,
    },
    { parent },
  );
  // By their place in the list: another address changes a rule, where deleting one would meet the server's lock.
  for (const [index, address] of configuration.network.operatorAddresses.entries()) {
    const { first, last } = boundsOf(address);
    new sql.FirewallRule(
      `${part.name}-from-operators-${index}`,
      {
        firewallRuleName: `operators-${index}`,
        serverName,
        resourceGroupName,
        startIpAddress: first,
        endIpAddress: last,
      },
      { parent },
    );
  }
}
