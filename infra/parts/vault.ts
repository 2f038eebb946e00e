import * as keyvault from '@pulumi/azure-native/keyvault/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import { storageRange } from './hostStorage.ts';
import type { Network } from './network.ts';

/** Azure's longest: who deleted the vault by mistake has this long. */
const SOFT_DELETE_DAYS = 90;

/** Secrets, read by role and never by policy. What is deleted stays for 90 days, and nobody can shorten that. */
export class Vault extends pulumi.ComponentResource {
  readonly vault: keyvault.Vault;
  readonly uri: pulumi.Output<string>;

  constructor(place: Place, network: Network) {
    super('datasync:keyvault:Vault', 'vault');
    const { configuration, names, resourceGroupName, location, tags, tenantId } = place;
    this.vault = new keyvault.Vault(
      'vault',
      {
        vaultName: names.keyVault,
        resourceGroupName,
        location,
        tags,
        properties: {
          tenantId,
          sku: { family: 'A', name: 'standard' },
          createMode: configuration.restore?.recoverDeletedVault === true ? 'recover' : 'default',
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: SOFT_DELETE_DAYS,
          enablePurgeProtection: true,
          publicNetworkAccess: configuration.network.private ? 'Disabled' : 'Enabled',
          networkAcls: {
            defaultAction: 'Deny',
            bypass: 'AzureServices',
            virtualNetworkRules: [{ id: network.appSubnetId }],
            ipRules: configuration.network.operatorAddresses.map((value) => ({ value: storageRange(value) })),
          },
        },
      },
      { parent: this, protect: true, ignoreChanges: ['properties.createMode'] },
    );
    this.uri = this.vault.properties.vaultUri.apply((uri) => uri.replace(/\/$/, ''));
    this.registerOutputs({});
  }
}
