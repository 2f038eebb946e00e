import { describe, expect, it } from 'vitest';
import { readSettings, refuseWeakAuthSecret } from './settings.ts';
import { hostStorageOf } from './storageAccess.ts';

const sound = {
  DATABASE_URL: 'postgres://u:hunter2@h/d',
  FILES_CONNECTION_STRING: 'AccountName=a;AccountKey=hunter2',
  AzureWebJobsStorage: 'AccountName=a;AccountKey=hunter2',
  AUTH_SECRET: 'kq3v8n2x7c5z1m9b4h6j0l8p3o5i7u1y2t4r6e8w0q9a',
  DATASYNC_CI_UPLOAD_SECRET: 'a-secret-of-the-pipeline-1',
};

describe('readSettings', () => {
  it('A3 refuses a short AUTH_SECRET and names it, never its value', () => {
    const read = () => readSettings({ ...sound, NODE_ENV: 'development', AUTH_SECRET: 'hunter2' });
    expect(read).toThrow(/AUTH_SECRET/);
    expect(read).not.toThrow(/hunter2/);
  });

  it('D3 names every setting that is missing or wrong in one error', () => {
    const read = () => readSettings({ ...sound, DATABASE_URL: undefined, DB_POOL_MAX: 'many' });
    expect(read).toThrow(/DATABASE_URL[\s\S]*DB_POOL_MAX/);
  });

  it('D3 a storage account is known by its key or without one; of neither both names stand in the error', () => {
    const { FILES_CONNECTION_STRING: _files, AzureWebJobsStorage: _host, ...keyless } = sound;
    expect(() => readSettings(keyless)).toThrow(
      /FILES_CONNECTION_STRING[^\n]*FILES_CREDENTIAL_URL[\s\S]*AzureWebJobsStorage[^\n]*AzureWebJobsStorage__accountName/,
    );
    expect(() => readSettings({ ...keyless, DATABASE_URL: undefined })).toThrow(
      /DATABASE_URL[\s\S]*FILES_CREDENTIAL_URL/,
    );
    const settings = readSettings({
      ...keyless,
      FILES_CREDENTIAL_URL: 'https://v.vault.azure.net/secrets/files',
      AzureWebJobsStorage__accountName: 'host',
      AZURE_CLIENT_ID: '0f8fad5b-d9cb-469f-a165-70867728950e',
    });
    expect(hostStorageOf(settings)).toEqual({ accountName: 'host', clientId: settings.AZURE_CLIENT_ID });
    expect(hostStorageOf(readSettings(sound))).toEqual({ connectionString: sound.AzureWebJobsStorage });
  });

  it('A3 is production unless said otherwise', () => {
    expect(readSettings(sound).NODE_ENV).toBe('production');
  });
});

describe('refuseWeakAuthSecret', () => {
  it.each([
    ['short', 'kq3v8n2x7c5z'],
    ['a placeholder', 'change-me-change-me-change-me-change-me-change-me'],
    ['a repetition', 'abc'.repeat(20)],
    ['one letter', 'a'.repeat(44)],
  ])('A3 refuses to start in production with a secret that is %s', (_, AUTH_SECRET) => {
    expect(() => refuseWeakAuthSecret({ AUTH_SECRET, NODE_ENV: 'production' })).toThrow(/AUTH_SECRET/);
    expect(() => refuseWeakAuthSecret({ AUTH_SECRET })).toThrow(/AUTH_SECRET/);
    expect(() => refuseWeakAuthSecret({ AUTH_SECRET, NODE_ENV: 'development' })).not.toThrow();
  });

  it('A3 starts with a random secret', () => {
    expect(() => refuseWeakAuthSecret(sound)).not.toThrow();
  });
});
