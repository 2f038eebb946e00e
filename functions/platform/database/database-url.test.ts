import { describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { describeAddress, parseDatabaseUrl } from './database-url.ts';

describe('A6 database URLs', () => {
  it('A6 reads every part, percent-decoded, with the dialect’s own port', () => {
    const address = parseDatabaseUrl(
      'mssql://sa%40x:p%2F%3Aw@db.example/data?encrypt=false&trustServerCertificate=true',
    );
    expect(address).toMatchObject({
      dialect: 'mssql',
      host: 'db.example',
      port: 1433,
      database: 'data',
      user: 'sa@x',
      password: 'p/:w',
    });
    expect(address.options.get('encrypt')).toBe('false');
    expect(parseDatabaseUrl('postgres://a:b@[::1]:6000/x')).toMatchObject({
      dialect: 'postgres',
      host: '::1',
      port: 6000,
    });
    expect(describeAddress(address)).toBe('mssql://db.example:1433/data');
  });

  it.each([
    'not a url with secret',
    'mysql://a:secret@h/x',
    'postgres://a:secret@h',
    'postgres://a:secret@h/x/y',
    'mssql://a:secret%zz@h/x',
    'mssql:///x?password=secret',
  ])('A6 refuses %s and repeats no password', (url) => {
    expect(() => parseDatabaseUrl(url)).toThrow(/wanted/);
    expect(() => parseDatabaseUrl(url)).not.toThrow(/secret/);
  });

  it.each([
    'postgres://a:secret@h/x?sslmode=maybe',
    'mssql://a:secret@h/x?encrypt=yes',
    'mssql://h/x?authentication=magic',
  ])('A6 refuses the options of %s', async (url) => {
    await expect(openDatabase({ url })).rejects.toThrow(/wanted/);
  });
});
