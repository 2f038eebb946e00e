import { type Breach, resourceRule, stackRule, type Subject } from './rule.ts';
import type { Stack, StackResource } from './stack.ts';

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
      wants: 'Where a stack has private endpoints, what stands behind them answers nobody else.',
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

function publicBesidePrivate(stack: Stack) {
  const endpoints = stack.of('azure-native:network:PrivateEndpoint');
  const isBehind = (resource: StackResource): boolean =>
    endpoints.some((endpoint) => endpoint.refersTo('privateLinkServiceConnections', resource));
  const accounts = stack.of('azure-native:storage:StorageAccount').filter(isBehind);
  const vaults = stack.of('azure-native:keyvault:Vault').filter(isBehind);
  const servers = stack.of('azure-native:sql:Server').filter(isBehind);
  return [
    ...accounts
      .filter(({ props }) => !isClosed(props.publicNetworkAccess, props.networkRuleSet?.defaultAction))
      .map((of) => ({
        of,
        is: 'has a private endpoint and answers the whole internet',
        wanted: 'publicNetworkAccess: Disabled, or networkRuleSet.defaultAction: Deny',
      })),
    ...vaults
      .filter(
        ({ props: { properties } }) =>
          !isClosed(properties?.publicNetworkAccess, properties?.networkAcls?.defaultAction),
      )
      .map((of) => ({
        of,
        is: 'has a private endpoint and answers the whole internet',
        wanted: 'publicNetworkAccess: Disabled, or networkAcls.defaultAction: Deny',
      })),
    ...servers
      .filter(({ props }) => !isClosed(props.publicNetworkAccess, undefined))
      .map((of) => ({
        of,
        is: 'has a private endpoint and takes connections from outside',
        wanted: 'publicNetworkAccess: Disabled',
      })),
  ];
}

function isClosed(access: string | undefined, defaultAction: string | undefined): boolean {
  return access?.toLowerCase() === 'disabled' || defaultAction === 'Deny';
}
