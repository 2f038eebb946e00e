import { isSecretSetting } from '../../shared/settings/index.ts';
import { settingsIn } from './appSettings.ts';
import { type Breach, resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import type { Stack } from './stack.ts';

/** What gives access by itself, whatever name it goes by. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/AccountKey=[^;]+/i, 'an account key'],
  [/SharedAccessKey=[^;]+/i, 'a shared access key'],
  [/[?&;]sig=[^&;]+/i, 'a signature'],
  [/(?:password|pwd)=[^;&]+/i, 'a password'],
  [/:\/\/[^/:@\s]+:[^/@\s]+@/, 'an address with a password in it'],
  [/^[A-Za-z0-9+/]{86}==$/, 'what looks like the key of a storage account'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/, 'a token'],
];
const reference = /^@Microsoft\.KeyVault\(.+\)$/;

export const secrets: Subject = {
  title: 'Secrets',
  rules: [
    resourceRule({
      name: 'secret-settings',
      wants:
        'A setting that is declared secret is a reference into the key vault, and no other setting holds a secret.',
      types: ['azure-native:web:WebApp', 'azure-native:web:WebAppSlot'],
      breaches: (_, { known }) => secretsAmong([...(settingsIn(known()) ?? [])]),
    }),
    resourceRule({
      name: 'secret-settings-apart',
      wants: 'The same holds for settings that are a resource of their own.',
      types: ['azure-native:web:WebAppApplicationSettings', 'azure-native:web:WebAppApplicationSettingsSlot'],
      breaches: (_, { known }) => secretsAmong(Object.entries(known().properties ?? {})),
    }),
    stackRule({
      name: 'outputs-without-secrets',
      wants: 'The outputs of the stack are names and addresses.',
      breaches: secretOutputs,
    }),
  ],
};

function secretsAmong(settings: readonly (readonly [string, string | undefined])[]): Breach[] {
  return settings.flatMap(([name, value]) => {
    if (value === undefined || value === '' || reference.test(value)) return [];
    const wanted = `@Microsoft.KeyVault(…) as the value of ${name}`;
    if (isSecretSetting(name) === true) return [{ is: `holds the secret ${name} itself`, wanted }];
    const kind = secretIn(value);
    return kind === undefined ? [] : [{ is: `holds ${kind} in ${name}`, wanted }];
  });
}

function secretOutputs({ resources }: Stack): StackBreach[] {
  const outputs = resources
    .filter(({ type }) => type === 'pulumi:pulumi:Stack')
    .flatMap(({ props }) => [...textsIn(props, '')]);
  return outputs.flatMap(({ path, text }) => {
    const kind =
      secretIn(text) ??
      (/secret|password|token|(?:account|access|storage|api)_?key/i.test(path)
        ? 'a secret, by its name'
        : undefined);
    return kind === undefined
      ? []
      : [{ is: `gives out ${kind} (${path})`, wanted: 'the name of where it is kept' }];
  });
}

function* textsIn(value: unknown, path: string): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* textsIn(inner, path === '' ? key : `${path}.${key}`);
}

function secretIn(value: string): string | undefined {
  return secretTexts.find(([pattern]) => pattern.test(value))?.[1];
}
