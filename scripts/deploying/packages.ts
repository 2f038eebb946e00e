import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Az } from './az.ts';
import type { Stack } from './stack.ts';

const CONTAINER = 'packages';
const HISTORY = 'history/';

const deployment = z.object({
  at: z.iso.datetime(),
  /** The package, by which it can be deployed again. */
  file: z.string().regex(/^app-[\w.-]+\.zip$/),
  version: z.string(),
  commit: z.string(),
  /** Of the audit that followed: what scripts/fidelity-audit.sh ended with, or why there was none. */
  audit: z.enum(['passed', 'warned', 'failed', 'not run']),
  /** Whether it came by a deployment or by going back. */
  by: z.enum(['deployment', 'rollback']),
});
export type Deployment = z.infer<typeof deployment>;

/** Packages that were deployed, and when, in the storage of the stack; nothing is ever overwritten. */
export interface Packages {
  keep(path: string, file: string): Promise<void>;
  fetch(file: string, to: string): Promise<void>;
  /** The newest first. */
  history(): Promise<Deployment[]>;
  record(entry: Deployment): Promise<void>;
}

export function packagesOf({ hostStorageAccount }: Pick<Stack, 'hostStorageAccount'>, az: Az): Packages {
  const place = ['--account-name', hostStorageAccount, '--auth-mode', 'login'];
  const blob = (verb: string, ...args: string[]) =>
    az('storage', 'blob', verb, ...place, '--container-name', CONTAINER, ...args);
  const upload = (name: string, path: string) =>
    blob('upload', '--name', name, '--file', path, '--overwrite', 'false', '--no-progress');
  const isKept = async (name: string) =>
    (await blob('exists', '--name', name, '--query', 'exists')) === 'true';
  const fetch = async (file: string, to: string) => {
    await blob('download', '--name', file, '--file', to, '--no-progress');
  };
  const read = async (name: string): Promise<Deployment> =>
    inFolder(async (folder) => {
      await fetch(name, join(folder, 'entry.json'));
      return deployment.parse(JSON.parse(await readFile(join(folder, 'entry.json'), 'utf8')));
    });
  return {
    keep: async (path, file) => {
      await az('storage', 'container', 'create', ...place, '--name', CONTAINER);
      if (!(await isKept(file))) await upload(file, path);
    },
    fetch,
    history: async () => {
      const listed = await blob('list', '--prefix', HISTORY, '--query', '[].name', '--output', 'json');
      const names = z.array(z.string()).parse(JSON.parse(listed === '' ? '[]' : listed));
      return Promise.all(names.sort().reverse().map(read));
    },
    record: async (entry) => {
      await inFolder(async (folder) => {
        const path = join(folder, 'entry.json');
        await writeFile(path, JSON.stringify(deployment.parse(entry)));
        await upload(`${HISTORY}${entry.at}.json`, path);
      });
    },
  };
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'datasync-deploy-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
