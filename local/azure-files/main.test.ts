import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ShareServiceClient, StorageSharedKeyCredential } from '@azure/storage-file-share';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');
const KEY = Buffer.alloc(64, 5).toString('base64');

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azure-files-main-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

function run(...args: string[]) {
  const env = { ...process.env, AZURE_FILES_KEY: KEY };
  return spawn(process.execPath, [MAIN, '--data', dataDir, '--port', '0', ...args], { env });
}

describe('npm run azure-files', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'L4 says where it is, serves, and stops cleanly on %s',
    async (signal) => {
      const child = run('--account', 'mine');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const endpoint = /FileEndpoint=(http:\/\/127\.0\.0\.1:\d+\/mine)/.exec(line.toString())?.[1] ?? '';
      expect(line.toString()).not.toContain(KEY);
      const service = new ShareServiceClient(endpoint, new StorageSharedKeyCredential('mine', KEY));
      await service.getShareClient('abc').create();
      const second = run('--account', 'mine');
      const complaint = text(second.stderr);
      expect((await once(second, 'exit'))[0]).toBe(1);
      expect(await complaint).toMatch(/serves it already/);
      child.kill(signal);
      expect((await once(child, 'exit'))[0]).toBe(0);
    },
  );

  it('L4 ends with 2 and its usage when it does not understand', async () => {
    const child = run('--colour', 'blue');
    const complaint = text(child.stderr);
    expect((await once(child, 'exit'))[0]).toBe(2);
    expect(await complaint).toMatch(/--colour[\s\S]*usage:/);
  });
});
