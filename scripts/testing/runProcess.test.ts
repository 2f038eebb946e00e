import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runProcess } from './runProcess.ts';

const node = (script: string) => ['-e', script];
const signal = new AbortController().signal;
/** Prints the pid of a child of its own that would run for ever, then runs for ever itself. */
const withChild = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(child.pid);
  setInterval(() => {}, 1000);`;

describe('runProcess()', () => {
  it('D8 hands back the exit code and what was printed, on the pinned Node', async () => {
    const script = 'console.log(process.version); process.exitCode = 3';
    const end = await runProcess('node', node(script), { output: 'kept', limitMs: 60_000, signal });
    expect(end).toEqual({ code: 3, text: process.version, timedOut: false });
  });

  it('D8 B23 ends a step that hangs, and the processes that it started', async () => {
    // A shell says within the limit what it started, on a busy machine too.
    const script = 'sleep 1000 & echo $!; wait';
    const end = await runProcess('bash', ['-c', script], { output: 'kept', limitMs: 3000, signal });
    expect(end).toMatchObject({ code: null, timedOut: true });
    await waitUntilGone(Number(end.text));
  });

  it('D8 rejects with the reason when it is told to stop', async () => {
    const stop = new AbortController();
    const running = runProcess('node', node(withChild), {
      output: 'kept',
      limitMs: 60_000,
      signal: stop.signal,
    });
    stop.abort(new Error('stopped by SIGINT'));
    await expect(running).rejects.toThrow('stopped by SIGINT');
  });
});

/** A zombie counts as gone: it does nothing any more, and only the first process of a container may not collect it. */
async function waitUntilGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  while (isRunning(pid)) await sleep(20);
}

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/ENOENT|ESRCH/u);
    return false;
  }
}
