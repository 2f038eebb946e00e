import { z } from 'zod';
import { functionSettings } from '../../shared/settings/functions.ts';
import { typesOf } from '../../shared/settings/setting.ts';

/** By its key, or without it. */
const eitherOr = [
  ['FILES_CONNECTION_STRING', 'FILES_CREDENTIAL_URL'],
  ['AzureWebJobsStorage', 'AzureWebJobsStorage__accountName'],
] as const satisfies readonly (readonly (keyof typeof functionSettings)[])[];

/** Nothing else is read from the environment. */
const declaration = z.object(typesOf(functionSettings));

export type Settings = z.infer<typeof declaration>;

/** Stands in examples; whoever deploys it has no secret at all. */
const PLACEHOLDER_AUTH_SECRET = /change.?me|replace.?me|your.?secret|^(.{1,8})\1+$/i;

/**
 * Throws, without the value, when AUTH_SECRET is one that no production may run on: shorter than 44 characters, or a
 * placeholder. An absent one is `readSettings`' to refuse, when something needs it.
 */
export function refuseWeakAuthSecret(environment: Readonly<Record<string, string | undefined>>): void {
  const { AUTH_SECRET: secret, NODE_ENV: mode = 'production' } = environment;
  if (mode !== 'production' || secret === undefined) return;
  if (secret.length >= 44 && !PLACEHOLDER_AUTH_SECRET.test(secret)) return;
  throw new Error(
    'Starting in production was refused: AUTH_SECRET is a placeholder or shorter than 44 characters; wanted: 44 random characters',
  );
}

/** Reads the settings; throws one error that names every setting that is missing or wrong, never a value. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  refuseWeakAuthSecret(environment);
  const parsed = declaration.safeParse(environment);
  const faults = (parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  for (const [one, other] of eitherOr)
    if (environment[one] === undefined && environment[other] === undefined)
      faults.push(`${one}: is missing, and so is ${other}: one is needed`);
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Error(`Settings are missing or wrong:\n  ${faults.join('\n  ')}`, { cause: parsed.error });
}
