import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { runSyncTool } from '../../scripts/operating/program.ts';
import { bareEnvironment } from './bareEnvironment.ts';

const program = join(import.meta.dirname, '../../scripts/sync-tool');

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Going {
  readonly ended: Promise<Said>;
  /** Resolves as soon as one of its outputs holds the text. */
  says(text: string): Promise<void>;
  interrupt(): void;
}

interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A command line in this process, without a terminal: everything but the program's first lines, and many times faster. */
export async function syncToolHere(
  args: readonly string[],
  { env = {}, stdin = '' }: Around = {},
): Promise<Said> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const said = Promise.all([textOf(stdout), textOf(stderr)]);
  const code = await runSyncTool(args, { stdin: Readable.from([stdin]), stdout, stderr, env });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { code, out, err };
}

/** `scripts/sync-tool` as an operator calls it, with no environment but what is given. */
export function beginSyncTool(args: readonly string[], { env = {}, stdin = '' }: Around = {}): Going {
  return begin(program, args, env, stdin);
}

/** The same on a terminal of 80 characters; both outputs are one there. */
export function beginOnTerminal(args: readonly string[], env: Readonly<Record<string, string>>): Going {
  const line = [program, ...args].map((word) => `'${word}'`).join(' ');
  const wanted = `stty cols 80 rows 24; exec ${line}`;
  return begin(
    'script',
    ['--quiet', '--return', '--command', wanted, '/dev/null'],
    { TERM: 'xterm', ...env },
    '',
  );
}

function begin(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: string,
): Going {
  const child = spawn(command, args, { env: { ...bareEnvironment(), ...env } });
  const said = { out: '', err: '' };
  const awaited = new Set<{ readonly text: string; readonly heard: () => void }>();
  const listen = (stream: NodeJS.ReadableStream, name: 'out' | 'err'): void => {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      said[name] += chunk;
      for (const one of awaited) if (said[name].includes(one.text)) one.heard();
    });
  };
  listen(child.stdout, 'out');
  listen(child.stderr, 'err');
  child.stdin.end(stdin);
  const { promise: ended, resolve, reject } = Promise.withResolvers<Said>();
  child.on('error', reject);
  child.on('close', (code) => resolve({ code, ...said }));
  return {
    ended,
    says: async (text) => {
      const { promise, resolve: heard } = Promise.withResolvers<undefined>();
      awaited.add({ text, heard: () => heard(undefined) });
      if (said.out.includes(text) || said.err.includes(text)) return;
      const early = ended.then(({ out, err }) => {
        if (!out.includes(text) && !err.includes(text))
          throw new Error(`it ended without saying ${JSON.stringify(text)}: ${out}${err}`);
      });
      await Promise.race([promise, early]);
    },
    interrupt: () => child.kill('SIGINT'),
  };
}

/** What `--json` printed; each test looks at the members that its command gives. */
export interface Printed {
  readonly runId: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly runs: readonly { readonly runId: string }[];
  readonly workflows: readonly unknown[];
  readonly changes: readonly { readonly changeId: string }[];
  readonly error: Readonly<Record<string, unknown>>;
}
export const json = ({ out }: Said) => JSON.parse(out) as Printed;
