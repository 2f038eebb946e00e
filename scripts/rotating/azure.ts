import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Az } from '../deploying/az.ts';
import { inFolder } from '../deploying/packages.ts';
import type { KeyName, RotationParts } from './rotation.ts';

const keyList = z.array(z.object({ keyName: z.string(), value: z.string() }));
/** Of the newest version. */
const shown = z.object({ value: z.string().min(1), since: z.iso.datetime({ offset: true }) });
const names: Readonly<Record<KeyName, string>> = { key1: 'primary', key2: 'secondary' };

export interface KeyPlace {
  readonly resourceGroup: string;
  readonly filesStorageAccount: string;
  readonly keyVault: string;
  readonly filesCredential: string;
}

/** Keys of the archive's account and the vault's secret, by Azure's command line; no key stands in a command. */
export function keysInAzure(place: KeyPlace, az: Az): Pick<RotationParts, 'keys' | 'vault'> {
  const account = ['--resource-group', place.resourceGroup, '--account-name', place.filesStorageAccount];
  const secret = ['--vault-name', place.keyVault, '--name', place.filesCredential];
  return {
    keys: {
      list: async () => {
        const printed = await az('storage', 'account', 'keys', 'list', ...account, '--output', 'json');
        const values = new Map(
          keyList.parse(JSON.parse(printed)).map(({ keyName, value }) => [keyName, value]),
        );
        return { key1: values.get('key1') ?? '', key2: values.get('key2') ?? '' };
      },
      renew: async (name) => {
        const nothing = ['--query', '[].keyName', '--output', 'tsv'];
        await az('storage', 'account', 'keys', 'renew', ...account, '--key', names[name], ...nothing);
      },
    },
    vault: {
      read: async () => {
        const asked = ['--query', '{value: value, since: attributes.created}', '--output', 'json'];
        const { value, since } = shown.parse(
          JSON.parse(await az('keyvault', 'secret', 'show', ...secret, ...asked)),
        );
        return { connectionString: value, since: new Date(since) };
      },
      write: (connectionString) =>
        inFolder(async (folder) => {
          const file = join(folder, 'value');
          await writeFile(file, connectionString, { mode: 0o600 });
          const quiet = ['--encoding', 'utf-8', '--query', 'id', '--output', 'tsv'];
          await az('keyvault', 'secret', 'set', ...secret, '--file', file, ...quiet);
        }),
    },
  };
}
