import * as redisenterprise from '@pulumi/azure-native/redisenterprise/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';

const PORT = 10_000;

/** Azure Managed Redis: what instances share about rate limits. It holds nothing that may not be lost; the app comes in by identity. */
export class Redis extends pulumi.ComponentResource {
  readonly cluster: redisenterprise.RedisEnterprise;

  constructor(place: Place, principalId: pulumi.Input<string>) {
    super('datasync:redis:Redis', 'redis');
    const { configuration, names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    this.cluster = new redisenterprise.RedisEnterprise(
      'redis',
      {
        clusterName: names.redis,
        resourceGroupName,
        location,
        tags,
        sku: { name: 'Balanced_B0' },
        highAvailability: 'Disabled',
        minimumTlsVersion: '1.2',
        publicNetworkAccess: configuration.network.private ? 'Disabled' : 'Enabled',
      },
      parent,
    );
    const database = new redisenterprise.Database(
      'redis-database',
      {
        databaseName: 'default',
        clusterName: this.cluster.name,
        resourceGroupName,
        port: PORT,
        clientProtocol: 'Encrypted',
        // One address for all: the client need not know of a cluster.
        clusteringPolicy: 'EnterpriseCluster',
        evictionPolicy: 'VolatileTTL',
        accessKeysAuthentication: 'Disabled',
      },
      parent,
    );
    new redisenterprise.AccessPolicyAssignment(
      'redis-app',
      {
        accessPolicyAssignmentName: 'app',
        accessPolicyName: 'default',
        clusterName: this.cluster.name,
        databaseName: database.name,
        resourceGroupName,
        user: { objectId: principalId },
      },
      parent,
    );
    this.registerOutputs({});
  }

  /** Without a key: the app logs in as the identity of that client id. */
  urlFor(clientId: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.interpolate`rediss://${this.cluster.hostName}:${PORT}?authentication=identity&clientId=${clientId}`;
  }
}
