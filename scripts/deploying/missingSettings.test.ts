import { expect, it } from 'vitest';
import { missingSettings } from './missingSettings.ts';

it('D3 D8 names what the functions do not start without, and an empty value is none', () => {
  const all = missingSettings([]);
  expect(all).toEqual(expect.arrayContaining(['AUTH_SECRET', 'DATABASE_URL', 'DATASYNC_CI_UPLOAD_SECRET']));
  const reference = '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)';
  const given = all.map((name) => ({ name, value: name === 'AUTH_SECRET' ? '' : reference }));
  expect(missingSettings(given)).toEqual(['AUTH_SECRET']);
  // What the command prints where it may not say values.
  expect(missingSettings(all.map((name) => ({ name, value: null })))).toEqual([]);
});
