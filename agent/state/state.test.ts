import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../logging/log.ts';
import { redact } from '../logging/redact.ts';
import { openIdentity } from './identity.ts';
import { lockStateFolder } from './lock.ts';
import { openSecretBox } from './secretBox.ts';

let stateFolder = '';
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'datasync-state-'));
});
afterEach(() => rmSync(stateFolder, { recursive: true }));

const log = createLog({ level: 'error', format: 'json', write: () => undefined });
const identity = () => openIdentity({ stateFolder, box: openSecretBox(stateFolder), log });

describe('state', () => {
  it('F1 opens what it sealed, and nothing that was changed by one bit', () => {
    const box = openSecretBox(stateFolder);
    const sealed = box.seal('a secret');
    expect(sealed.toString('latin1')).not.toContain('secret');
    expect(openSecretBox(stateFolder).open(sealed)).toBe('a secret');
    for (const at of [0, 5, 17, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => box.open(changed), String(at)).toThrow();
    }
  });

  it('F1 keeps key and credentials over a restart, and makes new ones when they cannot be read', () => {
    const first = identity();
    first.change({ runnerId: 'runner-1' });
    expect(identity().current).toEqual(first.current);
    writeFileSync(join(stateFolder, 'state.dat'), 'rubbish');
    const anew = identity();
    expect(anew.current.runnerId).toBeNull();
    expect(anew.current.key).not.toBe(first.current.key);
    expect(readFileSync(join(stateFolder, 'state.dat.unreadable'), 'utf8')).toBe('rubbish');
    expect(anew.current.pairingCode).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  });

  it('F1 a state that the disk does not give up now is no damaged one: it stays, and the agent says so', () => {
    const first = identity();
    first.change({ runnerId: 'runner-1' });
    const file = join(stateFolder, 'state.dat');
    renameSync(file, `${file}.away`);
    // What stands here cannot be read by anybody, root included.
    mkdirSync(file);
    expect(identity).toThrow(
      /^reading the state .*state\.dat: EISDIR.*; wanted: a file that the agent’s user may read$/,
    );
    rmSync(file, { recursive: true });
    renameSync(`${file}.away`, file);
    expect(identity().current).toEqual(first.current);
  });

  it('F2 P1 is written anew when something changed, and not when a heartbeat said the same again', () => {
    const opened = identity();
    const fileNow = () => statSync(join(stateFolder, 'state.dat')).ino;
    opened.change({ runnerId: 'runner-1', jobs: [], credentials: [] });
    const written = fileNow();
    opened.change({ jobs: [] });
    opened.change({ credentials: [] });
    expect(fileNow()).toBe(written);
    opened.change({ runnerId: 'runner-2' });
    expect(fileNow()).not.toBe(written);
    expect(identity().current.runnerId).toBe('runner-2');
  });

  it('F2 B20 what the disk refuses is held all the same, and written with the next change', () => {
    const opened = identity();
    const fresh = {
      shareName: 'runner-1',
      shareUrl: 'https://files.example.org/runner-1',
      sas: 'sv=1',
      expiresAt: '2026-11-22T12:00:00.000Z',
    };
    const inTheWay = join(stateFolder, 'state.dat.new');
    mkdirSync(inTheWay);
    opened.change({ credentials: [fresh] });
    expect(opened.current.credentials).toEqual([fresh]);
    expect(() => opened.startAnew()).toThrow('EISDIR');
    expect(identity().current.credentials).toEqual([]);
    rmSync(inTheWay, { recursive: true });
    opened.change({ jobs: [] });
    expect(identity().current).toEqual(opened.current);
    expect(identity().current.credentials).toEqual([fresh]);
  });

  it('F1 makes a new key file in place of one that has the wrong length', () => {
    identity();
    chmodSync(join(stateFolder, 'state.key'), 0o600);
    writeFileSync(join(stateFolder, 'state.key'), 'short');
    expect(identity().current.runnerId).toBeNull();
    expect(readFileSync(join(stateFolder, 'state.key'))).toHaveLength(32);
  });

  it('F1 locks a state folder once, and again after it was given back', async () => {
    const lock = await lockStateFolder(stateFolder);
    await expect(lockStateFolder(stateFolder)).rejects.toThrow(/another agent works on it/);
    await lock.release();
    await (await lockStateFolder(stateFolder)).release();
  });
});

describe('log', () => {
  it('A1 takes signatures and keys out of every line', () => {
    const text =
      'GET https://x/y?sv=1&sig=abc%2Bdef&se=2 with Bearer abc.def and dsa_0123456789abcdefghij0123';
    expect(redact(text)).toBe('GET https://x/y?sv=1&sig=REDACTED&se=2 with Bearer REDACTED and REDACTED-KEY');
  });

  it('S9 a file name cannot forge a line or move the cursor', () => {
    const lines: string[] = [];
    const line = createLog({ level: 'info', format: 'line', write: (text) => lines.push(text) });
    line.info({ path: 'a\nERROR forged\u001b[2J\u009b2J' }, 'Archived');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}]/u);
  });
});
