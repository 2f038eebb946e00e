import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Az } from '../deploying/az.ts';
import { inFolder } from '../deploying/packages.ts';
import { type RotationState, rotationState } from './rotation.ts';

/** Where a rotation stands, for whoever takes it up, and that only one does at a time. */
export interface RotationStore {
  /** Takes the rotation, and gives how far the last one came. Throws while another process has it. */
  take(): Promise<RotationState | undefined>;
  save(state: RotationState): Promise<void>;
  /** Keeps it for another minute; throws when it was lost. */
  holdOn(): Promise<void>;
  release(): Promise<void>;
}

const CONTAINER = 'packages';
const BLOB = 'rotation.json';
/** A process that died is waited for so long; one that lives renews it every half minute. */
const LEASE_SECONDS = '60';

/** A blob beside the packages of the stack, under a lease that Azure ends when its holder does not renew it. */
export function rotationStore(hostStorageAccount: string, az: Az): RotationStore {
  const place = ['--account-name', hostStorageAccount, '--auth-mode', 'login', '--container-name', CONTAINER];
  const blob = (verb: string, ...args: string[]) =>
    az('storage', 'blob', verb, ...place, '--name', BLOB, ...args);
  const lease = (verb: string, ...args: string[]) =>
    az('storage', 'blob', 'lease', verb, ...place, '--blob-name', BLOB, ...args, '--output', 'tsv');
  let held: string | undefined;
  const upload = (text: string, ...more: string[]) =>
    inFolder(async (folder) => {
      const file = join(folder, BLOB);
      await writeFile(file, text);
      await blob('upload', '--file', file, '--no-progress', ...more);
    });
  const exists = async () => (await blob('exists', '--query', 'exists', '--output', 'tsv')) === 'true';
  return {
    take: async () => {
      if (!(await exists())) await upload('', '--overwrite', 'false');
      held = await lease('acquire', '--lease-duration', LEASE_SECONDS).catch((error: unknown) => {
        if (!String(error).includes('LeaseAlreadyPresent')) throw error;
        throw new Error(
          'another process rotates these keys, or died within the last minute; wanted: wait for it, or run this again in a minute',
          { cause: error },
        );
      });
      return inFolder(async (folder) => {
        const file = join(folder, BLOB);
        await blob('download', '--file', file, '--no-progress');
        const text = await readFile(file, 'utf8');
        return text === '' ? undefined : rotationState.parse(JSON.parse(text));
      });
    },
    save: (state) =>
      upload(`${JSON.stringify(state, null, 2)}\n`, '--overwrite', 'true', '--lease-id', held ?? ''),
    holdOn: async () => {
      await lease('renew', '--lease-id', held ?? '');
    },
    release: async () => {
      if (held !== undefined) await lease('release', '--lease-id', held);
      held = undefined;
    },
  };
}
