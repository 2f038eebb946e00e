import { createHash } from 'node:crypto';
import { asSecret } from './values.ts';

export const SUBSCRIPTION_ID = '11111111-2222-3333-4444-555555555555';
export const TENANT_ID = '99999999-8888-7777-6666-555555555555';

type Fields = Readonly<Record<string, unknown>>;

interface Asked {
  readonly type: string;
  readonly name: string;
  readonly inputs: Fields;
  readonly id: string;
}

/** Inputs that hold the name of what is made, by type: where none is given, Azure-native makes one up. */
const nameInputs = [
  'accountName',
  'actionGroupName',
  'budgetName',
  'containerName',
  'databaseName',
  'failoverGroupName',
  'lockName',
  'name',
  'policyName',
  'privateDnsZoneGroupName',
  'privateEndpointName',
  'privateZoneName',
  'protectedItemName',
  'queueName',
  'resourceGroupName',
  'resourceName',
  'roleAssignmentName',
  'ruleName',
  'secretName',
  'serverName',
  'shareName',
  'subnetName',
  'vaultName',
  'virtualNetworkLinkName',
  'virtualNetworkName',
  'virtualNetworkRuleName',
  'firewallRuleName',
  'workspaceName',
  'id',
  'clusterName',
  'slot',
  'queryPackName',
  'accessPolicyAssignmentName',
];

/** Which of them is its own name and not its parent's. */
const ownName: Readonly<Record<string, string>> = {
  ResourceGroup: 'resourceGroupName',
  StorageAccount: 'accountName',
  FileShare: 'shareName',
  BlobContainer: 'containerName',
  Queue: 'queueName',
  Server: 'serverName',
  Database: 'databaseName',
  Vault: 'vaultName',
  Secret: 'secretName',
  Workspace: 'workspaceName',
  Component: 'resourceName',
  UserAssignedIdentity: 'resourceName',
  VirtualNetwork: 'virtualNetworkName',
  Subnet: 'subnetName',
  ActionGroup: 'actionGroupName',
  FailoverGroup: 'failoverGroupName',
  RedisEnterprise: 'clusterName',
  ProtectionContainer: 'containerName',
  ProtectionPolicy: 'policyName',
  ProtectedItem: 'protectedItemName',
  PrivateEndpoint: 'privateEndpointName',
  PrivateZone: 'privateZoneName',
  QueryPack: 'queryPackName',
};

/** What Azure would answer: the id, the name, and by type what only Azure knows. */
export function madeByAzure(asked: Asked): { readonly id: string; readonly outputs: Fields } {
  const kind = asked.type.split(':').at(-1) ?? '';
  const name = nameOf(kind, asked);
  const id = asked.id === '' ? idOf(asked, name) : asked.id;
  return { id, outputs: { ...asked.inputs, name, ...computed(kind, asked, name) } };
}

function nameOf(kind: string, { inputs, name }: Asked): string {
  const key =
    ownName[kind] ?? nameInputs.find((one) => one === 'name' || one === 'resourceName' || one === 'ruleName');
  const given = key === undefined ? undefined : (inputs[key] ?? inputs['name']);
  return typeof given === 'string' ? given : `${name}${digest(name).slice(0, 8)}`;
}

function idOf({ type, inputs }: Asked, name: string): string {
  const [, module = '', kind = ''] = type.split(':');
  const scope = inputs['scope'] ?? inputs['resourceUri'];
  if (typeof scope === 'string') return `${scope}/providers/Microsoft.${module}/${kind}/${name}`;
  const group = typeof inputs['resourceGroupName'] === 'string' ? inputs['resourceGroupName'] : name;
  const base = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${group}`;
  if (kind === 'ResourceGroup') return base;
  const parents = ['serverName', 'accountName', 'vaultName', 'virtualNetworkName']
    .map((key) => inputs[key])
    .filter((parent) => typeof parent === 'string' && parent !== name);
  return [base, 'providers', `Microsoft.${module}`, ...parents, kind, name].join('/');
}

function computed(kind: string, { inputs, type }: Asked, name: string): Fields {
  switch (kind) {
    case 'StorageAccount':
      return {
        primaryEndpoints: Object.fromEntries(
          ['blob', 'file', 'queue', 'table'].map((service) => [
            service,
            `https://${name}.${service}.core.windows.net/`,
          ]),
        ),
      };
    case 'Server':
      return { fullyQualifiedDomainName: `${name}.database.windows.net` };
    case 'Vault':
      return type.includes('keyvault')
        ? {
            properties: { ...(inputs['properties'] as Fields), vaultUri: `https://${name}.vault.azure.net/` },
          }
        : { identity: { principalId: guid(name) } };
    case 'Secret':
      return { properties: { secretUri: `https://vault.azure.net/secrets/${name}` } };
    case 'UserAssignedIdentity':
      return {
        principalId: guid(`${name} principal`),
        clientId: guid(`${name} client`),
        tenantId: TENANT_ID,
      };
    case 'WebApp':
    case 'WebAppSlot':
      return {
        defaultHostName: `${name}.azurewebsites.net`,
        possibleOutboundIpAddresses: '20.0.0.1,20.0.0.2',
      };
    case 'Component':
      return {
        connectionString: `InstrumentationKey=${guid(name)};IngestionEndpoint=https://example.in.applicationinsights.azure.com/`,
        instrumentationKey: guid(name),
      };
    case 'Workspace':
      return { customerId: guid(name) };
    case 'RedisEnterprise':
      return { hostName: `${name}.example.redis.azure.net` };
    default:
      return {};
  }
}

/** What a call of the provider answers. */
export function answeredByAzure(token: string, inputs: Fields): Fields {
  switch (token) {
    case 'azure-native:authorization:getClientConfig':
      return {
        subscriptionId: SUBSCRIPTION_ID,
        tenantId: TENANT_ID,
        clientId: guid('client'),
        objectId: guid('object'),
      };
    case 'azure-native:storage:listStorageAccountKeys':
      return {
        keys: ['key1', 'key2'].map((keyName) => ({
          keyName,
          value: Buffer.from(digest(`${String(inputs['accountName'])} ${keyName}`)).toString('base64'),
        })),
      };
    case 'azure-native:redisenterprise:listDatabaseKeys':
      return { primaryKey: asSecret(digest('redis')), secondaryKey: asSecret(digest('redis2')) };
    default:
      throw new Error(`the double of the engine knows no answer to ${token}`);
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function guid(text: string): string {
  return digest(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
