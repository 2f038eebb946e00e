import { describe, expect, it } from 'vitest';
import { declaredSettings } from '../../../shared/settings/index.ts';
import { createLogger } from './jsonLogger.ts';

function logInto(lines: string[], level: 'debug' | 'info' = 'info') {
  return createLogger({ level, write: (line) => lines.push(line), now: () => new Date(0) });
}

describe('createLogger', () => {
  it('W5 writes one line of JSON an event, with the facts bound by child', () => {
    const lines: string[] = [];
    logInto(lines).child({ runId: 'r1' }).info('begun', { slice: 2 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'begun', runId: 'r1', slice: 2 },
    ]);
  });

  it('W5 leaves out lines below its level', () => {
    const lines: string[] = [];
    logInto(lines).debug('detail');
    expect(lines).toEqual([]);
  });

  it.each([
    ['a SAS', 'https://x/s?sv=1&sig=aGVsbG8%3D&se=2', 'aGVsbG8'],
    ['a bearer token', 'authorization was Bearer abc.def-123', 'abc.def-123'],
    ['a personal token', 'token dst_Zm9vYmFy refused', 'Zm9vYmFy'],
    ['an account key', 'AccountName=a;AccountKey=c2VjcmV0;x', 'c2VjcmV0'],
    ['a password in an address', 'postgres://user:hunter2@host/db', 'hunter2'],
  ])('A3 takes %s out of messages, facts and errors', (_, text, secret) => {
    const lines: string[] = [];
    const error = new Error(text, { cause: new Error(text) });
    logInto(lines).error(text, { text, deep: [{ text }], error });
    expect(lines.join()).toContain('[redacted]');
    expect(lines.join()).not.toContain(secret);
  });

  it('A3 takes out values whose name says that they are secret', () => {
    const lines: string[] = [];
    const headers = { authorization: 'zzz', cookie: 'zzz', 'X-CI-Secret': 'zzz', 'x-api-key': 'zzz' };
    logInto(lines).info('called', {
      headers,
      password: 'zzz',
      AUTH_SECRET: 'zzz',
      sas: 'zzz',
      runId: 'kept',
    });
    expect(lines.join()).not.toContain('zzz');
    expect(lines.join()).toContain('kept');
  });

  it('A3 D3 takes out the settings that are declared secret, and no others, whatever they are called', () => {
    const lines: string[] = [];
    const settings = declaredSettings();
    for (const { name } of settings) logInto(lines).info(name, { [name]: 'zzz' });
    const shown = settings.filter((_, index) => lines[index]?.includes('zzz'));
    expect(shown).toEqual(settings.filter(({ secret }) => secret !== true));
  });

  it('B36 bounds what one event may write, whatever it is given', () => {
    const lines: string[] = [];
    const loop: Record<string, unknown> = { text: 'x'.repeat(1_000_000), at: new Date(Number.NaN) };
    loop['self'] = loop;
    logInto(lines).info('flood', { loop, many: Array.from({ length: 10_000 }, () => 'y') });
    expect(lines).toHaveLength(1);
    expect(lines.join().length).toBeLessThan(50_000);
  });

  it('B36 a newline in foreign text does not begin another line', () => {
    const lines: string[] = [];
    logInto(lines).info('file\n{"level":"error"}', { path: 'a\r\nb' });
    expect(lines[0]).not.toMatch(/[\r\n]/);
  });

  it('S9 a file name steers no terminal that shows the line, and is still the same name', () => {
    const lines: string[] = [];
    const path = 'a\u001b[2J\u009b31m\u202egpj.exe\u2028b';
    logInto(lines).warn(path, { path });
    expect(lines[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: path, path });
  });
});
