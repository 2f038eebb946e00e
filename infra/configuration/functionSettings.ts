import { z } from 'zod';
import { functionSettings } from '../../shared/settings/functions.ts';
import type { Setting } from '../../shared/settings/setting.ts';
import { computedSettings } from '../settings/computed.ts';

const declared = Object.entries<Setting>(functionSettings);
const open = declared.filter(([name]) => !computedSettings.includes(name));

/** A value as the environment will hold it, judged by the type that the functions read it with. */
function valueOf([name, { type }]: readonly [string, Setting]) {
  const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
  return [
    name,
    value
      .superRefine((text, context) => {
        const parsed = type.safeParse(text);
        // Never the value: it may be a secret.
        for (const { message } of parsed.error?.issues ?? []) context.addIssue({ code: 'custom', message });
      })
      .optional(),
  ] as const;
}

const plain = open.filter(([, { secret }]) => secret !== true).map(valueOf);
const secret = open.filter(([, setting]) => setting.secret === true).map(valueOf);
const required = open
  .filter(([, setting]) => setting.secret === true && isRequired(setting))
  .map(([name]) => name);

function isRequired({ type }: Setting): boolean {
  return !type.safeParse(undefined).success;
}

/** Of the functions' settings those that a stack may choose: `settings` stand in the app, `secrets` in the vault. */
export const functionSettingsConfiguration = {
  settings: z.strictObject(Object.fromEntries(plain)).prefault({}),
  secrets: z
    .strictObject(Object.fromEntries(secret))
    .prefault({})
    .superRefine((secrets, context) => {
      for (const name of required.filter((one) => secrets[one] === undefined))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `wanted: pulumi config set --secret --path 'secrets.${name}' "$(openssl rand -base64 48)"`,
        });
    }),
};
