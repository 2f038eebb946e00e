import { z } from 'zod';
import { functionSettings } from '../../shared/settings/functions.ts';
import { isRequired, type Setting } from '../../shared/settings/setting.ts';
import { isOpen } from '../settings/computed.ts';

/** A value as the environment will hold it, judged by the type that the functions read it with. */
function valueOf([name, { type }]: readonly [string, Setting]) {
  const value = z
    .union([z.string(), z.number(), z.boolean()])
    .transform(String)
    .superRefine((text, context) => {
      // Never the value: it may be a secret.
      for (const { message } of type.safeParse(text).error?.issues ?? [])
        context.addIssue({ code: 'custom', message });
    });
  return [name, value.optional()] as const;
}

const open = Object.entries<Setting>(functionSettings).filter(([name]) => isOpen(name));
const plain = open.filter(([, { secret }]) => secret !== true);
const secret = open.filter(([, setting]) => setting.secret === true);
const required = secret.filter(([, setting]) => isRequired(setting)).map(([name]) => name);

/** Of the functions' settings those that a stack may choose: `settings` stand in the app, `secrets` in the vault. */
export const functionSettingsConfiguration = {
  settings: z.strictObject(Object.fromEntries(plain.map(valueOf))).prefault({}),
  secrets: z
    .strictObject(Object.fromEntries(secret.map(valueOf)))
    .prefault({})
    .superRefine((secrets, context) => {
      for (const name of required.filter((one) => secrets[one] === undefined))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `is missing; wanted: pulumi config set --secret --path 'secrets.${name}' "$(openssl rand -base64 48)"`,
        });
    }),
};
