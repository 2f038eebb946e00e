import * as authorization from '@pulumi/azure-native/authorization/index.js';
import * as resources from '@pulumi/azure-native/resources/index.js';
import type { StackConfiguration } from './configuration/schema.ts';
import { namesOf } from './names.ts';
import { Database } from './parts/database.ts';
import { FilesStorage } from './parts/filesStorage.ts';
import { FunctionApp } from './parts/functionApp.ts';
import { HostStorage } from './parts/hostStorage.ts';
import { Network } from './parts/network.ts';
import { Vault } from './parts/vault.ts';
import { type Place, tagsOf } from './place.ts';

export interface Program {
  readonly configuration: StackConfiguration;
  readonly project: string;
  readonly stack: string;
}

/** The whole platform. What it returns are the outputs of the stack: names and addresses, no secret. */
export async function provision({ configuration, project, stack }: Program) {
  const { subscriptionId, tenantId } = await authorization.getClientConfig();
  const names = namesOf({ project, stack, subscriptionId });
  const tags = tagsOf(configuration, stack);
  const { location } = configuration;
  const group = new resources.ResourceGroup(
    'group',
    { resourceGroupName: names.resourceGroup, location, tags },
    { protect: true },
  );
  const place: Place = {
    configuration,
    names,
    location,
    subscriptionId,
    tenantId,
    tags,
    resourceGroupName: group.name,
    resourceGroupId: group.id,
  };
  const network = new Network(place);
  const hostStorage = new HostStorage(place, network);
  const filesStorage = new FilesStorage(place, network);
  const database = new Database(place, network);
  const vault = new Vault(place, network);
  const app = new FunctionApp(place);
  return {
    resourceGroup: group.name,
    functionApp: app.app.name,
    hostStorageAccount: hostStorage.account.name,
    filesStorageAccount: filesStorage.account.name,
    sqlServer: database.host,
    keyVault: vault.vault.name,
  };
}
