import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Az } from './az.ts';
import { deploy, history, type Parts, record, type Release, rollback } from './commands.ts';
import { packagesOf } from './packages.ts';
import { targetOf } from './target.ts';

const stack = {
  resourceGroup: 'rg',
  functionApp: 'app',
  stagingSlot: 'staging',
  url: 'https://app.example',
  hostStorageAccount: 'hosts',
};

let folder: string;
let said: string[];
let minutes: number;
/** What runs in each place: the text of the package. */
let running: { staging: string; production: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  said = [];
  minutes = 0;
  running = { staging: '', production: '' };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Azure as far as these commands see it: blobs in a folder, an app with a slot. */
const az: Az = async (...args) => {
  const option = (name: string) => args[args.indexOf(name) + 1] ?? '';
  const has = (name: string) => args.includes(name);
  const blob = join(folder, 'blobs', option('--name'));
  const verb = args
    .slice(
      0,
      args.findIndex((arg) => arg.startsWith('--')),
    )
    .join(' ');
  switch (verb) {
    case 'storage container create':
      mkdirSync(join(folder, 'blobs/history'), { recursive: true });
      return '';
    case 'storage blob exists':
      return String(existsSync(blob));
    case 'storage blob upload':
      if (existsSync(blob)) throw new Error('BlobAlreadyExists');
      mkdirSync(dirname(blob), { recursive: true });
      copyFileSync(option('--file'), blob);
      return '';
    case 'storage blob download':
      copyFileSync(blob, option('--file'));
      return '';
    case 'storage blob list':
      return JSON.stringify(readdirSync(join(folder, 'blobs/history')).map((name) => `history/${name}`));
    case 'functionapp deployment source config-zip':
      running[has('--slot') ? 'staging' : 'production'] = readFileSync(option('--src'), 'utf8');
      return '';
    case 'functionapp deployment slot swap':
      running = { staging: running.production, production: running.staging };
      return '';
    default:
      throw new Error(`az ${verb} is not known to this test`);
  }
};

function parts(changes: Partial<typeof stack> = {}): Parts {
  const used = { ...stack, ...changes };
  return {
    packages: packagesOf(used, az),
    target: targetOf(used, az),
    now: () => new Date(Date.UTC(2026, 10, 29, 12, (minutes += 1))),
    say: (line) => said.push(line),
  };
}

async function release(version: string, changes: Partial<typeof stack> = {}): Promise<void> {
  const commit = version.replaceAll('.', '').padEnd(40, 'a');
  const made: Release = { version, commit, app: { file: `app-${version}-${commit.slice(0, 12)}.zip` } };
  writeFileSync(join(folder, made.app.file), `code of ${version}`);
  await deploy(parts(changes), folder, made);
  await parts(changes).target.swap();
  await record(parts(changes), made, 'passed');
}

describe('deployments', () => {
  it('D8 a package is looked at in staging before it is production, and can be deployed twice', async () => {
    const made: Release = { version: '1.0.0', commit: 'c'.repeat(40), app: { file: 'app-1.0.0-c.zip' } };
    writeFileSync(join(folder, made.app.file), 'code');
    await deploy(parts(), folder, made);
    await deploy(parts(), folder, made);
    expect(running).toEqual({ staging: 'code', production: '' });
    await parts().target.swap();
    expect(running.production).toBe('code');
  });

  it('D8 one command goes back to the release before, and it is written down', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await release(version);
    await rollback(parts(), undefined);
    expect(running.production).toBe('code of 1.1.0');
    said.length = 0;
    await history(parts());
    expect(said.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
      '1.1.0  110aaaaaaaaa  audit not run  rollback',
      '1.2.0  120aaaaaaaaa  audit passed  deployment',
      '1.1.0  110aaaaaaaaa  audit passed  deployment',
      '1.0.0  100aaaaaaaaa  audit passed  deployment',
    ]);
  });

  it('D8 any kept package can be gone back to, by version or commit, with or without a slot', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await release(version);
    await rollback(parts(), '1.0.0');
    expect(running.production).toBe('code of 1.0.0');
    await rollback(parts({ stagingSlot: '' }), '120aaaa');
    expect(running.production).toBe('code of 1.2.0');
  });

  it('D8 what was never deployed is refused, and production stays as it is', async () => {
    await release('1.0.0');
    await expect(rollback(parts(), '9.9.9')).rejects.toThrow(/wanted: one of 1\.0\.0/);
    await expect(rollback(parts(), undefined)).rejects.toThrow(/no package before/);
    expect(running.production).toBe('code of 1.0.0');
  });
});
