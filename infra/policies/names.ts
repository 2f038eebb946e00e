import { settingsOf } from './appSettings.ts';
import { type Breach, resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import type { Stack, StackResource } from './stack.ts';

/** Azure’s naming rules (Microsoft Learn, “Naming rules and restrictions for Azure resources”). */
const legal = {
  storageAccount: /^[a-z0-9]{3,24}$/,
  keyVault: /^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/i,
  sqlServer: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  app: /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/i,
  share: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
};

/** The Functions host takes so many characters of an app’s name, with its slot, for its id; leases and keys hang on it. */
const hostIdCharacters = 32;

export const names: Subject = {
  title: 'Names',
  rules: [
    resourceRule({
      name: 'storage-account-name',
      wants: 'A storage account has 3 to 24 lower-case letters and digits for its name.',
      types: ['azure-native:storage:StorageAccount'],
      breaches: ({ accountName }) => illegal(accountName, legal.storageAccount, '3 to 24 of a–z and 0–9'),
    }),
    resourceRule({
      name: 'key-vault-name',
      wants:
        'A key vault has 3 to 24 letters, digits and single dashes for its name, beginning with a letter.',
      types: ['azure-native:keyvault:Vault'],
      breaches: ({ vaultName }) =>
        illegal(vaultName, legal.keyVault, '3 to 24 letters, digits and single dashes'),
    }),
    resourceRule({
      name: 'sql-server-name',
      wants: 'A SQL server has 1 to 63 lower-case letters, digits and dashes for its name.',
      types: ['azure-native:sql:Server'],
      breaches: ({ serverName }) =>
        illegal(serverName, legal.sqlServer, '1 to 63 of a–z, 0–9 and dashes inside'),
    }),
    resourceRule({
      name: 'share-name',
      wants: 'A share has 3 to 63 lower-case letters, digits and single dashes for its name.',
      types: ['azure-native:storage:FileShare'],
      breaches: ({ shareName }) =>
        illegal(shareName, legal.share, '3 to 63 of a–z, 0–9 and single dashes inside'),
    }),
    resourceRule({
      name: 'app-name',
      wants: 'An app has 2 to 60 letters, digits and dashes for its name.',
      types: ['azure-native:web:WebApp'],
      breaches: ({ name }) => illegal(name, legal.app, '2 to 60 letters, digits and dashes inside'),
    }),
    stackRule({
      name: 'host-ids',
      wants: `No two apps or slots are the same to the Functions host, which cuts names to ${hostIdCharacters} characters.`,
      breaches: sharedHostIds,
    }),
  ],
};

/** A name that Azure or Pulumi chooses is legal; one that is not known yet is judged before it is made. */
function illegal(name: string | undefined, pattern: RegExp, wanted: string): Breach[] {
  return name === undefined || pattern.test(name) ? [] : [{ is: `is to be called “${name}”`, wanted }];
}

function sharedHostIds(stack: Stack): StackBreach[] {
  const apps = stack.of('azure-native:web:WebApp');
  const slots = stack.of('azure-native:web:WebAppSlot');
  const named = [
    ...apps.map((app) => ({ of: app, full: app.props.name })),
    ...slots.map((slot) => ({ of: slot, full: nameOfSlot(slot, apps) })),
  ];
  const ids = named.flatMap(({ of, full }) => {
    const id =
      settingsOf(of, stack)?.get('AzureFunctionsWebHost__hostid') ??
      (full === undefined ? full : hostId(full));
    return id === undefined ? [] : [{ of, id }];
  });
  return ids.flatMap(({ of, id }, index) => {
    const rival = ids.slice(0, index).find((other) => other.id === id);
    if (rival === undefined) return [];
    return [
      {
        of,
        is: `is “${id}” to the host, and so is “${rival.of.name}”: they would share timer leases and keys`,
        wanted: `names that differ in their first ${hostIdCharacters} characters, slot included`,
      },
    ];
  });
}

function nameOfSlot(
  slot: StackResource<'azure-native:web:WebAppSlot'>,
  apps: readonly StackResource<'azure-native:web:WebApp'>[],
): string | undefined {
  const app = slot.props.name ?? apps.find((one) => slot.refersTo('name', one))?.props.name;
  return app === undefined || slot.props.slot === undefined ? undefined : `${app}-${slot.props.slot}`;
}

function hostId(name: string): string {
  return name.toLowerCase().slice(0, hostIdCharacters).replace(/-+$/, '');
}
