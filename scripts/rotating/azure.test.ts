import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keysInAzure } from './azure.ts';

const place = {
  resourceGroup: 'rg',
  filesStorageAccount: 'files',
  keyVault: 'vault',
  filesCredential: 'conn',
};

it('D7 no key stands in a command, where every process of the machine could read it', async () => {
  const commands: string[] = [];
  let written = '';
  const { keys, vault } = keysInAzure(place, async (...args) => {
    commands.push(args.join(' '));
    const file = args[args.indexOf('--file') + 1];
    if (args.includes('--file') && file !== undefined) {
      written = readFileSync(file, 'utf8');
      expect(statSync(file).mode & 0o077).toBe(0);
    }
    if (args.includes('list'))
      return JSON.stringify([
        { keyName: 'key1', value: 'first-value' },
        { keyName: 'key2', value: 'second-value' },
      ]);
    if (args.includes('show'))
      return JSON.stringify({ value: 'AccountKey=first-value', since: '2026-11-30T01:02:03+00:00' });
    return '';
  });
  expect(await vault.read()).toEqual({
    connectionString: 'AccountKey=first-value',
    since: new Date('2026-11-30T01:02:03Z'),
  });
  expect(await keys.list()).toEqual({ key1: 'first-value', key2: 'second-value' });
  await keys.renew('key2');
  await vault.write('AccountKey=second-value');
  expect(written).toBe('AccountKey=second-value');
  expect(commands.join('\n')).not.toContain('-value');
  expect(commands[2]).toContain('keys renew --resource-group rg --account-name files --key secondary');
});
