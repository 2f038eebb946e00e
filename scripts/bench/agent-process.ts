import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** The agent as it is installed. */
const entry = path.join(root, 'dist/agent/agent.mjs');

/** Builds the bundle that the benches run; a few seconds. */
export async function buildAgent(): Promise<void> {
  await timeProcess(process.execPath, [path.join(root, 'scripts/build.ts')]);
}

export interface ProcessCost {
  readonly wallMs: number;
  /** Largest resident memory seen, MiB; sampled every 20 ms on Linux, NaN elsewhere. */
  readonly peakMiB: number;
}

/** Runs a program to its end, start included; rejects when it does not exit 0. */
export async function timeProcess(command: string, args: readonly string[]): Promise<ProcessCost> {
  const startedAt = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  let peakMiB = Number.NaN;
  const sampling = setInterval(() => {
    peakMiB = peakOf(child.pid ?? 0) ?? peakMiB;
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(sampling);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}: ${errors}`);
  return { wallMs: performance.now() - startedAt, peakMiB };
}

/** One cycle of the agent as an instrument PC runs it, process start included. */
export async function timeAgentCycle(
  server: string,
  state: string,
  extra: readonly string[] = [],
): Promise<ProcessCost> {
  const flags = [
    '--server',
    server,
    '--state',
    state,
    '--quiet-seconds',
    '0',
    '--log-level',
    'error',
    '--once',
  ];
  return await timeProcess(process.execPath, [entry, ...flags, ...extra]);
}

function peakOf(pid: number): number | undefined {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]) / 1024;
  } catch {
    return undefined; // ended meanwhile, or no /proc here
  }
}
