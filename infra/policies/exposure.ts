import { reachedByAgents } from './exceptions.ts';
import { type Breach, resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import type { Stack } from './stack.ts';

export const exposure: Subject = {
  title: 'What can be reached',
  rules: [
    resourceRule({
      name: 'no-public-blobs',
      wants: 'No storage account lets a container be read without credentials.',
      types: ['azure-native:storage:StorageAccount'],
      breaches: ({ allowBlobPublicAccess }) =>
        allowBlobPublicAccess === false
          ? []
          : [{ is: 'lets its containers be made public', wanted: 'allowBlobPublicAccess: false' }],
    }),
    resourceRule({
      name: 'private-containers',
      wants: 'No container is public.',
      types: ['azure-native:storage:BlobContainer'],
      breaches: ({ publicAccess }) =>
        publicAccess === undefined || publicAccess === 'None'
          ? []
          : [{ is: `lets anybody read (${publicAccess})`, wanted: 'publicAccess: None, or none given' }],
    }),
    resourceRule({
      name: 'sql-firewall',
      wants:
        'The firewall of a SQL server lets in single networks, of a /16 at most, and not all of Azure’s customers.',
      types: ['azure-native:sql:FirewallRule'],
      breaches: ({ startIpAddress, endIpAddress }) => wideRange(startIpAddress, endIpAddress),
    }),
    stackRule({
      name: 'private-means-closed',
      wants:
        'Where a stack has private endpoints, its storage, databases, vault and Redis have one each, and answer nobody else.',
      exceptions: [reachedByAgents],
      breaches: publicBesidePrivate,
    }),
  ],
};

const largestRange = 65_536;

function wideRange(start: string | undefined, end: string | undefined): Breach[] {
  if (start === undefined || end === undefined) return [];
  // How Azure writes “whatever runs in Azure”, other customers’ machines among it.
  if (start === '0.0.0.0' && end === '0.0.0.0')
    return [{ is: 'lets in whatever runs in Azure', wanted: 'a VirtualNetworkRule for the app’s subnet' }];
  const addresses = numberOf(end) - numberOf(start) + 1;
  if (addresses <= largestRange) return [];
  return [
    { is: `lets in ${addresses} addresses, ${start} to ${end}`, wanted: `${largestRange} addresses at most` },
  ];
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whoever has private endpoints means them for all that holds data: one that is left open undoes the others. */
function publicBesidePrivate(stack: Stack): StackBreach[] {
  const endpoints = stack.of('azure-native:network:PrivateEndpoint');
  if (endpoints.length === 0) return [];
  return storesOf(stack).flatMap(({ of, closed, wanted }) => [
    ...(closed ? [] : [{ of, is: 'answers the whole internet beside private endpoints', wanted }]),
    ...(endpoints.some((endpoint) => endpoint.refersTo('privateLinkServiceConnections', of))
      ? []
      : [{ of, is: 'cannot be reached from the network', wanted: 'a PrivateEndpoint for it' }]),
  ]);
}

function storesOf(stack: Stack) {
  const disabled = 'publicNetworkAccess: Disabled';
  return [
    ...stack.of('azure-native:storage:StorageAccount').map((of) => ({
      of,
      closed: isClosed(of.props.publicNetworkAccess, of.props.networkRuleSet?.defaultAction),
      wanted: `${disabled}, or networkRuleSet.defaultAction: Deny`,
    })),
    ...stack.of('azure-native:keyvault:Vault').map((of) => ({
      of,
      closed: isClosed(
        of.props.properties?.publicNetworkAccess,
        of.props.properties?.networkAcls?.defaultAction,
      ),
      wanted: `${disabled}, or networkAcls.defaultAction: Deny`,
    })),
    ...[
      ...stack.of('azure-native:sql:Server'),
      ...stack.of('azure-native:redisenterprise:RedisEnterprise'),
    ].map((of) => ({ of, closed: isClosed(of.props.publicNetworkAccess, undefined), wanted: disabled })),
  ];
}

function isClosed(access: string | undefined, defaultAction: string | undefined): boolean {
  return access?.toLowerCase() === 'disabled' || defaultAction === 'Deny';
}
