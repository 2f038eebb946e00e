import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareEnvironment } from '../support/bareEnvironment.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-commands-'));
  file = join(folder, 'a-file');
  writeFileSync(file, 'x');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Printed {
  readonly code: number | string | null | undefined;
  readonly out: string;
  readonly err: string;
}

function run(program: string, args: readonly string[]): Promise<Printed> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: root, env: bareEnvironment() }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err });
    });
  });
}

const node = (...args: string[]) => run(process.execPath, args);

describe('command lines', () => {
  it.each([
    ['agent/main.ts', ['--help'], 'agent --server URL --state DIR'],
    ['agent/main.ts', ['--server', 'x', '-h'], 'agent --server URL --state DIR'],
    ['agent/main.ts', ['audit', '--help'], 'agent audit [--state DIR]'],
    ['local/start.ts', ['--help'], 'npm start -- [--port 7071]'],
    ['scripts/verify-archive.ts', ['--help'], 'verify-archive (--source DIR'],
  ])('L1 %s %j says on standard output how it is called, and ends with 0', async (program, args, text) => {
    const { code, out, err } = await node(program, ...args);
    expect(out).toContain(text);
    expect([code, err]).toEqual([0, '']);
  });

  it('F12 fidelity-audit.sh tells asking for help from a wrong call', async () => {
    const script = join(root, 'scripts/fidelity-audit.sh');
    const help = await run(script, ['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/^usage: scripts\/fidelity-audit\.sh/);
    expect(await run(script, ['--colour'])).toEqual({ code: 2, out: '', err: help.out });
  });

  it('F3 the agent says what is wrong with an address, in one line', async () => {
    const { code, out, err } = await node('agent/main.ts', '--server', 'nonsense', '--state', folder);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('server: "nonsense" is no address; wanted: http:// or https://');
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('L1 npm start refuses a data folder that is a file, or lies in one', async () => {
    for (const place of [file, join(file, 'below', 'it')]) {
      const { code, out, err } = await node('local/start.ts', '--data', place);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`${JSON.stringify(file)} is no folder; wanted: a folder`);
    }
  });

  it('F5 verify-archive says which of its two sides is not there', async () => {
    for (const [flag, path, kind] of [
      ['--source', '/nope', 'folder'],
      ['--source', file, 'folder'],
      ['--ledger', join(folder, 'nope'), 'file'],
    ] as const) {
      const { code, out, err } = await node('scripts/verify-archive.ts', flag, path, '--share', 's');
      expect([code, out]).toEqual([2, '']);
      expect(err).toBe(
        `verify-archive: ${flag} is ${JSON.stringify(path)}; wanted: a ${kind} that is there\n`,
      );
    }
  });

  it('F13 the audit says whose state it wanted', async () => {
    const { code, err } = await node('agent/main.ts', 'audit', '--state', folder);
    expect(code).toBe(2);
    expect(err).toContain(`reading the state in ${folder}: no agent has worked there`);
  });
});

/** Starts an npm script as a supervisor of processes does; `said` is all that it printed. */
function startScript(name: string, ...args: readonly string[]) {
  const env = { ...bareEnvironment(), HOME: folder };
  const child = spawn('npm', ['run', '--silent', name, '--', ...args], { cwd: root, env });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return { child, said: () => text };
}

describe('npm scripts that serve', () => {
  it.each([
    ['start', ['--port', '0', '--fleet', '0', '--data'], ''],
    ['azure-files', ['--port', '0', '--data'], 'FileEndpoint='],
    ['agent', ['--server', 'http://127.0.0.1:9', '--state'], 'server unreachable'],
  ])('L1 L4 npm run %s ends with exit code 0 on a SIGTERM to npm', async (name, args, ready) => {
    const { child, said } = startScript(name, ...args, join(folder, name));
    // Of the platform, the data folder is the first sign: it need not be up to be stopped.
    const isThere = () => existsSync(join(folder, name)) && said().includes(ready);
    await expect.poll(isThere, { interval: 50 }).toBe(true);
    child.kill('SIGTERM');
    // Closed: nothing holds its output any more, so nothing of it is left behind.
    expect([...(await once(child, 'close')), said()]).toEqual([0, null, said()]);
  });
});
