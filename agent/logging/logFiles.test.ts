import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogFileLimits, type LogFiles, openLogFiles } from './logFiles.ts';

let folder = '';
const opened: LogFiles[] = [];
const clock = { now: new Date(0) };
const disk = { freeBytes: Number.POSITIVE_INFINITY };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-logs-'));
  clock.now = new Date('2026-11-22T12:00:00.000Z');
  disk.freeBytes = Number.POSITIVE_INFINITY;
});
afterEach(() => {
  for (const files of opened.splice(0)) files.close();
  rmSync(folder, { recursive: true });
});

function openThem(limits: Partial<LogFileLimits> = {}): LogFiles {
  const files = openLogFiles({ folder, now: () => clock.now, freeBytes: () => disk.freeBytes, limits });
  opened.push(files);
  return files;
}

const info = (msg: string) => `${JSON.stringify({ level: 'info', msg })}\n`;
const warn = (msg: string) => `${JSON.stringify({ level: 'warn', msg })}\n`;
const textOf = (day: string) => readFileSync(join(folder, `agent-${day}.log`), 'utf8');
const linesOf = (day: string) =>
  textOf(day)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { msg: string; dropped?: number });
const said = (day: string) => linesOf(day).map(({ msg }) => msg);
const sizeOf = () => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

describe('openLogFiles', () => {
  it('F11 writes a file a day, and goes on in it after a restart', () => {
    openThem().write(info('before midnight'));
    clock.now = new Date('2026-11-22T23:59:59.999Z');
    openThem().write(info('still the same'));
    clock.now = new Date('2026-11-23T00:00:00.000Z');
    opened.at(-1)?.write(info('after'));
    expect(said('2026-11-22')).toEqual(['before midnight', 'still the same']);
    expect(said('2026-11-23')).toEqual(['after']);
    expect(statSync(join(folder, 'agent-2026-11-23.log')).mode & 0o777).toBe(0o600);
  });

  it('F11 B37 removes files older than 14 days at start-up and at midnight, and nothing of others', () => {
    for (const name of ['agent-2026-11-07.log', 'agent-2026-11-08.log', 'agent-2026-11-09.log', 'notes.log'])
      writeFileSync(join(folder, name), 'x');
    const files = openThem();
    expect(readdirSync(folder).sort()).toEqual([
      'agent-2026-11-08.log',
      'agent-2026-11-09.log',
      'agent-2026-11-22.log',
      'notes.log',
    ]);
    clock.now = new Date('2026-11-23T00:00:01.000Z');
    files.write(info('a new day'));
    expect(readdirSync(folder)).not.toContain('agent-2026-11-08.log');
  });

  it('B37 all files together stay below the cap on every day, the oldest go first', () => {
    const limits = { totalBytes: 10_000, dayBytes: 3000, urgentBytes: 1000 };
    const files = openThem(limits);
    for (let day = 0; day < 10; day += 1) {
      for (let n = 0; n < 200; n += 1) {
        files.write(info(`line ${String(n)}`));
        files.write(warn(`line ${String(n)}`));
        expect(sizeOf()).toBeLessThanOrEqual(limits.totalBytes);
      }
      clock.now = new Date(clock.now.getTime() + 24 * 3_600_000);
    }
    expect(readdirSync(folder)).toEqual(['agent-2026-11-30.log', 'agent-2026-12-01.log']);
  });

  it('B37 a day’s file that is full still takes warnings, and says how many lines are missing', () => {
    const files = openThem({ dayBytes: 1000, urgentBytes: 500 });
    for (let n = 0; n < 100; n += 1) files.write(info('a plain line that fills the file'));
    const plain = linesOf('2026-11-22').length;
    files.write(warn('a warning'));
    expect(linesOf('2026-11-22').slice(plain)).toMatchObject([
      { dropped: 100 - plain, msg: 'Log lines were dropped: the day’s file has reached its size' },
      { msg: 'a warning' },
    ]);
    for (let n = 0; n < 100; n += 1) files.write(warn('another'));
    expect(sizeOf()).toBeLessThanOrEqual(1500);
  });

  it('B37 on a disk that is nearly full only warnings are written, and that is the first of them', () => {
    disk.freeBytes = 1024;
    const files = openThem();
    files.write(info('left out'));
    files.write(warn('kept'));
    expect(linesOf('2026-11-22')).toMatchObject([
      { level: 'warn', leftBytes: 1024, msg: 'The disk of the state folder is nearly full' },
      { dropped: 1, msg: 'Log lines were dropped: the disk is nearly full' },
      { msg: 'kept' },
    ]);
  });

  it('B37 a line that a crash cut off does not spoil the next one', () => {
    openThem().write(info('whole'));
    appendFileSync(join(folder, 'agent-2026-11-22.log'), '{"level":"info","ms');
    openThem().write(info('next'));
    const lines = textOf('2026-11-22').split('\n');
    expect(lines).toEqual([info('whole').trim(), '{"level":"info","ms', info('next').trim(), '']);
  });

  it('B37 a folder that cannot be made costs lines and no more, until it can', () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in its place');
    const files = openThem();
    files.write(warn('lost'));
    rmSync(folder);
    files.write(info('kept'));
    expect(linesOf('2026-11-22')).toMatchObject([
      { dropped: 1, msg: 'Log lines were dropped: the disk took none' },
      { msg: 'kept' },
    ]);
  });
});
