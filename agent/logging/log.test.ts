import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './log.ts';

function logged(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const kept: string[] = [];
  const log = createLog({ level: 'info', format: 'json', write: (line) => lines.push(line), ...options });
  log.keepIn((line) => kept.push(line));
  return { log, lines, kept };
}

/** Each holds `S3CRET`, in the shape in which it could reach a line. */
const secrets = [
  'https://x.file.core.windows.net/s?sv=1&sig=S3CRET%2Bdef%3D&se=2',
  'https://proxy/?to=https%3A%2F%2Fx%2Fs%3Fsv%3D1%26sig%3DS3CRET%252B',
  'Authorization: Bearer S3CRET.abc-def',
  'AccountName=a;AccountKey=S3CRET/abc==;EndpointSuffix=core.windows.net',
  'SharedKey account:S3CRET+abc/def=',
  'postgres://user:S3CRET@host/db',
  `dsa_S3CRET${'x'.repeat(40)}`,
  'signature sig="S3CRET"',
];

describe('createLog', () => {
  it.each(secrets)('S9 takes the secret out of every line, wherever it stands: %s', (secret) => {
    for (const format of ['json', 'line'] as const) {
      const { log, lines, kept } = logged({ format });
      log.warn(secret);
      log.error({ error: secret, deep: { of: [secret] } }, 'It failed');
      log.info({ [secret]: 1 }, 'A name');
      log.error({ error: `first line\n${secret}\nlast line` }, 'Stack');
      expect([...lines, ...kept]).toHaveLength(8);
      expect([...lines, ...kept].join('')).not.toContain('S3CRET');
      for (const line of kept) expect(JSON.parse(line)).toMatchObject({ time: expect.any(String) });
    }
  });

  it('S9 no file name steers a terminal or begins a line, on the console or in the kept lines', () => {
    const name = 'a\u001b[2J\u009b31m\u202egpj.exe\u2028\r\nERROR all is well';
    for (const format of ['json', 'line'] as const) {
      const { log, lines, kept } = logged({ format });
      log.warn({ path: name, [name]: 1 }, `Cannot read ${name}`);
      for (const line of [...lines, ...kept]) {
        expect(line.endsWith('\n')).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
      for (const line of kept) expect(JSON.parse(line)).toMatchObject({ path: name });
    }
  });

  it('B37 a line has a largest size, and stays one object', () => {
    const { log, kept } = logged();
    log.error({ jobId: 'job-1', error: 'x'.repeat(1_000_000) }, `Long ${'y'.repeat(100_000)}`);
    expect(kept[0]?.length).toBeLessThan(5000);
    expect(JSON.parse(kept[0] ?? '')).toMatchObject({ level: 'error', jobId: 'job-1', cutFrom: 1_100_093 });
  });

  it('B36 the same line a million times is written a few hundred times, and counted', () => {
    const clock = { ms: 0 };
    const { log, lines, kept } = logged({ monotonicMs: () => clock.ms });
    for (let n = 0; n < 1_000_000; n += 1) log.warn({ n }, 'The share refused the credential');
    expect(lines).toHaveLength(200);
    expect(kept).toEqual(lines);
    clock.ms += 60_000;
    log.info('Cycle ended');
    const last = kept.slice(200).map((line) => JSON.parse(line) as unknown);
    expect(last).toMatchObject([
      { level: 'warn', heldBack: 999_800, like: 'The share refused the credential' },
      { level: 'info', msg: 'Cycle ended' },
    ]);
  });
});
