import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Az } from '../deploying/az.ts';
import type { RotationState } from './rotation.ts';
import { rotationStore } from './store.ts';

const state: RotationState = {
  id: '4f0b4c62-7f5e-4a4e-9a53-0f6d0a6a5d10',
  mode: 'planned',
  startedAt: '2026-11-30T01:02:03.000Z',
  oldKey: 'key1',
  next: 'switch',
};

let folder: string;
let holder: string | undefined;
let leases: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotation-store-'));
  [holder, leases] = [undefined, 0];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Blobs with leases, as far as the store sees them. */
const az: Az = async (...args) => {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const blob = join(folder, option('--name') ?? option('--blob-name') ?? '');
  const mustHold = () => {
    if (holder !== option('--lease-id')) throw new Error('LeaseIdMismatchWithBlobOperation');
  };
  switch (
    args
      .slice(
        2,
        args.findIndex((arg) => arg.startsWith('--')),
      )
      .join(' ')
  ) {
    case 'exists':
      return String(existsSync(blob));
    case 'upload':
      if (holder !== undefined) mustHold();
      if (existsSync(blob) && option('--overwrite') === 'false') throw new Error('BlobAlreadyExists');
      copyFileSync(option('--file') ?? '', blob);
      return '';
    case 'download':
      copyFileSync(blob, option('--file') ?? '');
      return '';
    case 'lease acquire':
      if (holder !== undefined) throw new Error('LeaseAlreadyPresent');
      return (holder = `lease-${String((leases += 1))}`);
    case 'lease renew':
      mustHold();
      return '';
    case 'lease release':
      mustHold();
      holder = undefined;
      return '';
    default:
      throw new Error(`az ${args.join(' ')} is not known to this test`);
  }
};

it('D7 a rotation is taken up on another machine where it was left', async () => {
  const first = rotationStore('hosts', az);
  expect(await first.take()).toBeUndefined();
  await first.save(state);
  await first.release();
  expect(await rotationStore('hosts', az).take()).toEqual(state);
});

it('D7 one process at a time rotates; another is told so, and reads and writes nothing', async () => {
  const first = rotationStore('hosts', az);
  await first.take();
  await first.save(state);
  const second = rotationStore('hosts', az);
  await expect(second.take()).rejects.toThrow('another process rotates these keys');
  await second.release();
  await first.holdOn();
});

it('D7 what else hinders it is said as Azure says it', async () => {
  const store = rotationStore('hosts', (...args) => {
    if (args.includes('acquire')) return Promise.reject(new Error('AuthorizationFailure'));
    return az(...args);
  });
  await expect(store.take()).rejects.toThrow('AuthorizationFailure');
});

it('D7 who stood still while its lease ended and another took it can neither go on nor write', async () => {
  const first = rotationStore('hosts', az);
  await first.take();
  holder = undefined; // Azure ended it
  await rotationStore('hosts', az).take();
  await expect(first.holdOn()).rejects.toThrow('LeaseIdMismatch');
  await expect(first.save(state)).rejects.toThrow('LeaseIdMismatch');
});
