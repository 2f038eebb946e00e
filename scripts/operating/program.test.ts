import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { exits } from './exitCodes.ts';
import { type Said, syncToolHere } from '../../test/support/sync-tool.ts';

const tool = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> =>
  syncToolHere(args, { env });
const start = (payload: string): string[] => ['workflow', 'start', 'SyncAllPeople', '--payload', payload];

describe('sync-tool', () => {
  it.each<[string[], string]>([
    [['nonsense'], "unknown command 'nonsense'"],
    [['workflow'], 'Usage: sync-tool workflow'],
    [['workflow', 'lst'], 'Did you mean list?'],
    [['workflow', 'start'], "missing required argument 'name'"],
    [start('{rows: 1}'), 'The payload is no JSON'],
    [start('[1]'), 'The payload holds a list; wanted: a JSON object'],
    [start('null'), 'The payload holds null'],
    [start('@/nope'), 'The payload\'s file "/nope" cannot be read (ENOENT)'],
    [start('-'), 'Standard input is no JSON'],
    [['workflow', 'start', '../x'], 'name: letters, digits'],
    [['workflow', 'start', 'X', '--timeout', '5'], 'wanted: --wait beside it'],
    [['workflow', 'start', 'X', '--wait', '--timeout', '0'], 'a whole number from 1'],
    [['workflow', 'show', 'a-run', '--wait'], "unknown option '--wait'"],
    [['workflow', 'show', 'a-run', 'b-run'], 'too many arguments'],
    [['workflow', 'pause', 'not/an/id'], 'letters, digits and . _ : - only'],
    [['runs', '--from', '2026-02-30'], '"2026-02-30" is no date'],
    [['runs', '--to', '2026-04-13T02:00'], 'is no date; wanted'],
    [['runs', '--limit', '1e3'], 'a whole number from 1'],
    [['runs', '--status', 'done'], 'Allowed choices are running'],
    [['runs', '--runner', 'a b'], 'runnerId: letters, digits'],
    [['runs', '--server', 'ftp://x'], 'wanted: http:// or https://'],
    [['runs', '--server', 'http://user:secret@x'], 'wanted: none, the token says who calls'],
  ])('W6 %j is 2, says what was wanted, and is one JSON document', async (args, wanted) => {
    const { code, out, err } = await tool([...args, '--json']);
    expect(code).toBe(2);
    expect(err).toContain(wanted);
    expect(err).not.toMatch(/\n\s+at |secret/);
    expect(JSON.parse(out)).toMatchObject({ error: { exitCode: 2 } });
  });

  it('W6 without a token, or with one that cannot be a token, nothing is sent', async () => {
    for (const DATASYNC_TOKEN of ['', ' ', 'dst_x\u001b[31m']) {
      const { code, out, err } = await tool(['runs'], { DATASYNC_TOKEN, DATASYNC_URL: 'http://127.0.0.1:9' });
      expect([code, out]).toEqual([3, '']);
      expect(err).toContain('DATASYNC_TOKEN');
      expect(err).not.toContain('\u001b');
    }
  });

  it('W6 help is on standard output and holds every exit code', async () => {
    const { code, out, err } = await tool(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const exit of Object.values(exits)) expect(out).toContain(`${String(exit.code)}  ${exit.meaning}`);
  });

  it('S9 what a caller typed is no control sequence when it comes back', async () => {
    const { err } = await tool(['no\u001b]0;such\u0007']);
    for (const control of ['\u001b', '\u0007']) expect(err).not.toContain(control);
  });
});

it('W6 the page about sync-tool has the same exit codes', async () => {
  const page = await readFile(new URL('../../docs/sync-tool.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => ({
    code: Number(code),
    meaning,
  }));
  expect(rows).toEqual(Object.values(exits));
});
