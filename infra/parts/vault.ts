import * as keyvault from '@pulumi/azure-native/keyvault/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import { storageRange } from './hostStorage.ts';
import type { Network } from './network.ts';

/** Azure's longest: who deleted the vault by mistake has this long. */
const SOFT_DELETE_DAYS = 90;

export interface SecretOptions {
  readonly value: pulumi.Input<string>;
  /** Somebody else writes new versions: only the first is this program's. */
  readonly changesOutside?: boolean;
}

/** Secrets, read by role and never by policy. What is deleted stays for 90 days, and nobody can shorten that. */
export class Vault extends pulumi.ComponentResource {
  readonly vault: keyvault.Vault;
  readonly #place: Place;

  constructor(place: Place, network: Network) {
    super('datasync:keyvault:Vault', 'vault');
    this.#place = place;
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
    this.registerOutputs({});
  }

  /** Keeps a secret; gives its address, always that of the newest version. */
  keep(name: string, { value, changesOutside = false }: SecretOptions): KeptSecret {
    const secret = new keyvault.Secret(
      `secret-${name}`,
      {
        secretName: name,
        vaultName: this.vault.name,
        resourceGroupName: this.#place.resourceGroupName,
        properties: { value: pulumi.secret(value), contentType: 'text/plain' },
      },
      { parent: this, ...(changesOutside ? { ignoreChanges: ['properties.value'] } : {}) },
    );
    const url = pulumi.interpolate`https://${this.vault.name}.vault.azure.net/secrets/${name}`;
    return { secret, url, reference: pulumi.interpolate`@Microsoft.KeyVault(SecretUri=${url}/)` };
  }
}

export interface KeptSecret {
  readonly secret: keyvault.Secret;
  readonly url: pulumi.Output<string>;
  /** As the value of an app setting: App Service puts the secret in its place, and looks for a newer one within a day. */
  readonly reference: pulumi.Output<string>;
}

/** A vault takes letters, digits and dashes. */
export function secretNameOf(setting: string): string {
  return setting.replaceAll('_', '-');
}
