import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** The secrets of one data folder, made at its first start and kept in `local-credentials.json` (mode 0600). */
const localCredentials = z.object({
  operator: z.object({ email: z.string(), password: z.string(), token: z.string() }),
  ciSecret: z.string(),
  authSecret: z.string(),
  workflowKey: z.string(),
  files: z.object({
    accountName: z.string(),
    accountKey: z.string(),
    port: z.int(),
    connectionString: z.string(),
  }),
});

export type LocalCredentials = z.infer<typeof localCredentials>;

const FILE_NAME = 'local-credentials.json';

/** Reads the folder's credentials, or makes them. A file that cannot be read is an error: it is never replaced. */
export async function openCredentials(dataDir: string): Promise<LocalCredentials> {
  const file = path.join(dataDir, FILE_NAME);
  if (!existsSync(file)) return saveCredentials(dataDir, newCredentials());
  const parsed = localCredentials.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(
    `${file} is not what this version wrote; wanted: the file as it was, or an empty data folder`,
    {
      cause: parsed.error,
    },
  );
}

/** Writes beside and renames, so that a crash leaves the old file or the new one. */
export async function saveCredentials(
  dataDir: string,
  credentials: LocalCredentials,
): Promise<LocalCredentials> {
  const file = path.join(dataDir, FILE_NAME);
  await writeFile(`${file}.new`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return credentials;
}

/** The same credentials with the file server's address filled in. */
export function withFilesPort(credentials: LocalCredentials, port: number): LocalCredentials {
  const { accountName, accountKey } = credentials.files;
  const endpoint = `http://127.0.0.1:${String(port)}/${accountName}`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${accountName};AccountKey=${accountKey};FileEndpoint=${endpoint};`;
  return { ...credentials, files: { accountName, accountKey, port, connectionString } };
}

function newCredentials(): LocalCredentials {
  return {
    operator: { email: 'operator@datasync.local', password: words(), token: `dst_${secret(32)}` },
    ciSecret: secret(32),
    authSecret: secret(48),
    workflowKey: secret(32),
    files: {
      accountName: 'datasynclocal',
      accountKey: randomBytes(64).toString('base64'),
      port: 0,
      connectionString: '',
    },
  };
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** Sixteen letters in groups: easy to type from a terminal. */
function words(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const text = Array.from(randomBytes(16), (byte) => letters.charAt(byte % letters.length)).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}
