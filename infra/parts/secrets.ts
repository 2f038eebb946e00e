import * as storage from '@pulumi/azure-native/storage/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';
import { type KeptSecret, secretNameOf, type Vault } from './vault.ts';

/** What the vault keeps for the app. */
export interface AppSecrets {
  readonly filesConnection: KeptSecret;
  /** Of settings that are declared secret. */
  readonly references: Readonly<Record<string, pulumi.Output<string>>>;
  readonly kept: readonly pulumi.Resource[];
}

/** The connection string of the archive's account, whose newest version the functions read by themselves. */
const FILES_CONNECTION = 'files-connection';

export function keepSecrets(
  place: Place,
  vault: Vault,
  sources: {
    readonly filesAccountName: pulumi.Output<string>;
    readonly databaseUrl: pulumi.Input<string>;
    readonly more: Readonly<Record<string, pulumi.Input<string>>>;
  },
): AppSecrets {
  const filesConnection = vault.keep(FILES_CONNECTION, {
    value: firstConnectionString(place, sources.filesAccountName),
    changesOutside: true,
  });
  const values: Record<string, pulumi.Input<string>> = { DATABASE_URL: sources.databaseUrl, ...sources.more };
  for (const [name, value] of Object.entries(place.configuration.secrets))
    if (value !== undefined) values[name] = value;
  const kept = Object.entries(values).map(
    ([setting, value]) => [setting, vault.keep(secretNameOf(setting), { value })] as const,
  );
  return {
    filesConnection,
    references: Object.fromEntries(kept.map(([setting, { reference }]) => [setting, reference])),
    kept: [filesConnection.secret, ...kept.map(([, { secret }]) => secret)],
  };
}

/** Signed with the first key; rotation writes a version with the other, and this program leaves that alone. */
function firstConnectionString(place: Place, accountName: pulumi.Output<string>): pulumi.Output<string> {
  const { keys } = storage.listStorageAccountKeysOutput({
    accountName,
    resourceGroupName: place.resourceGroupName,
  });
  const key = pulumi.secret(keys.apply((all) => all[0]?.value ?? ''));
  return pulumi.interpolate`DefaultEndpointsProtocol=https;AccountName=${accountName};AccountKey=${key};EndpointSuffix=core.windows.net`;
}
