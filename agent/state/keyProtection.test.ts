import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dpapi } from './keyProtection.ts';
import { openSecretBox } from './secretBox.ts';

/**
 * What PowerShell and DPAPI do with the agent's script, where there is no Windows: bytes are bound to a machine, those of
 * another are refused with a CryptographicException. Notes the command line it was given.
 */
const standIn = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const machine = 1;
writeFileSync(__dirname + '/argv', process.argv.join(' '));
const given = Buffer.from(readFileSync(0, 'utf8').trim(), 'base64');
const script = process.argv.at(-1);
if (!script.includes("'LocalMachine'")) process.exit(1);
const turned = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
if (script.includes('::Protect(')) process.stdout.write(Buffer.concat([Buffer.from([machine]), turned(given)]).toString('base64'));
else if (given[0] === machine) process.stdout.write(turned(given.subarray(1)).toString('base64'));
else process.exit(Number(/exit (\\d+)/.exec(script)[1]));
`;

let folder = '';
const powershell = (): string =>
  process.platform === 'win32' ? 'powershell.exe' : join(folder, 'powershell');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-dpapi-'));
  writeFileSync(join(folder, 'powershell'), standIn, { mode: 0o700 });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the key of the state on Windows', () => {
  it('A3 lies protected by the machine, and is the same at the next start', () => {
    const state = mkdtempSync(join(folder, 'state-'));
    const sealed = openSecretBox(state, dpapi(powershell())).seal('a secret');
    const stored = readFileSync(join(state, 'state.key'));
    expect(stored.subarray(0, 4).toString()).toBe('DSK1');
    expect(stored.length).toBeGreaterThan(32 + 4);
    expect(openSecretBox(state, dpapi(powershell())).open(sealed)).toBe('a secret');
  });

  it('A3 of nothing but the pipe: no process list shows it', () => {
    const key = randomBytes(32);
    const { protect, unprotect } = dpapi(powershell());
    expect(unprotect(protect(key))).toEqual(key);
    if (process.platform === 'win32') return; // Windows' own keeps no note of its arguments
    const argv = readFileSync(join(folder, 'argv'), 'utf8');
    for (const form of ['base64', 'hex', 'latin1'] as const) expect(argv).not.toContain(key.toString(form));
  });

  it('F1 that another machine made, or nobody, opens nothing: the state starts anew', () => {
    const { protect, unprotect } = dpapi(powershell());
    const spoilt = protect(randomBytes(32));
    spoilt[4] = (spoilt[4] ?? 0) ^ 0xff; // as if made elsewhere
    expect(unprotect(spoilt)).toBeUndefined();
    expect(unprotect(randomBytes(32))).toBeUndefined();
  });

  it('F1 is not given up because PowerShell does not answer: that is said, and the key stays', () => {
    const state = mkdtempSync(join(folder, 'state-'));
    openSecretBox(state, dpapi(powershell()));
    const before = readFileSync(join(state, 'state.key'));
    expect(() => openSecretBox(state, dpapi(join(folder, 'none')))).toThrow('wanted: Windows PowerShell 5.1');
    expect(readFileSync(join(state, 'state.key'))).toEqual(before);
  });
});
