import * as authorization from '@pulumi/azure-native/authorization/index.js';
import * as resources from '@pulumi/azure-native/resources/index.js';
import type { StackConfiguration } from './configuration/schema.ts';
import { namesOf } from './names.ts';
import { outputsOf, type Outputs } from './outputs.ts';
import { Backup } from './parts/backup.ts';
import { budget } from './parts/budget.ts';
import { Database, databaseUrl } from './parts/database.ts';
import { FilesStorage } from './parts/filesStorage.ts';
import { FunctionApp } from './parts/functionApp.ts';
import { HostStorage } from './parts/hostStorage.ts';
import { Identity } from './parts/identity.ts';
import { Monitoring } from './parts/monitoring.ts';
import { Network } from './parts/network.ts';
import { Redis } from './parts/redis.ts';
import { Roles } from './parts/roles.ts';
import { keepSecrets } from './parts/secrets.ts';
import { Vault } from './parts/vault.ts';
import { type Place, tagsOf } from './place.ts';
import { makePrivate } from './privately.ts';
import { watchOver } from './watching.ts';

export interface Program {
  readonly configuration: StackConfiguration;
  readonly project: string;
  readonly stack: string;
  readonly now: Date;
}

/** The whole platform: data first, then who may reach it, then the app, then what watches over it. */
export async function provision(program: Program): Promise<Outputs> {
  const place = await makePlace(program);
  const network = new Network(place);
  const hostStorage = new HostStorage(place, network);
  const files = new FilesStorage(place, network);
  const database = new Database(place, network);
  const vault = new Vault(place, network);
  const backup = new Backup(place, files);

  const identity = new Identity(place);
  const { principalId, clientId } = identity.identity;
  const roles = new Roles(place, principalId, {
    hostStorageId: hostStorage.account.id,
    releasesId: files.releases.id,
    vaultId: vault.vault.id,
  });
  const redis = place.configuration.redis ? new Redis(place, principalId) : undefined;
  const monitoring = new Monitoring(place);
  const secrets = keepSecrets(place, vault, {
    filesAccountName: files.account.name,
    databaseUrl: databaseUrl(database.host, clientId),
    more: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.insights.connectionString,
      ...(redis === undefined ? {} : { REDIS_URL: redis.urlFor(clientId) }),
    },
  });
  const app = new FunctionApp(
    place,
    {
      network,
      identity,
      hostStorage,
      facts: { filesCredentialUrl: secrets.filesConnection.url, references: secrets.references },
    },
    [...roles.assignments, ...secrets.kept],
  );

  const parts = {
    place,
    network,
    hostStorage,
    files,
    database,
    vault,
    backup,
    redis,
    monitoring,
    app,
    identity,
  };
  if (place.configuration.network.private) makePrivate(parts);
  watchOver(parts);
  budget(place, monitoring, program.now);
  return outputsOf(parts);
}

/** All that the program makes, for those who look at the whole. */
export interface Parts {
  readonly place: Place;
  readonly network: Network;
  readonly hostStorage: HostStorage;
  readonly files: FilesStorage;
  readonly database: Database;
  readonly vault: Vault;
  readonly backup: Backup;
  readonly redis: Redis | undefined;
  readonly monitoring: Monitoring;
  readonly app: FunctionApp;
  readonly identity: Identity;
}

async function makePlace({ configuration, project, stack }: Program): Promise<Place> {
  const { subscriptionId, tenantId } = await authorization.getClientConfig();
  const names = namesOf({ project, stack, subscriptionId });
  const tags = tagsOf(configuration, stack);
  const { location } = configuration;
  const group = new resources.ResourceGroup(
    'group',
    { resourceGroupName: names.resourceGroup, location, tags },
    { protect: true },
  );
  return {
    configuration,
    names,
    location,
    subscriptionId,
    tenantId,
    tags,
    resourceGroupName: group.name,
    resourceGroupId: group.id,
  };
}
