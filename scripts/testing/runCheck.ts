import { runProcess } from './runProcess.ts';
import type { Check } from './steps.ts';
import type { Tally } from './tally.ts';

/** One that takes longer hangs: others run beside it, but none takes ten times its time for that. */
const limitMs = 15 * 60_000;

/** Runs one static check and prints its header and output in one piece, since others run beside it. */
export async function runCheck(check: Check, { signal }: { signal: AbortSignal }): Promise<Tally> {
  const startedAt = performance.now();
  const end = await runProcess(check.command, check.args, { output: 'kept', limitMs, signal });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const verdict = end.code === 0 ? 'passed' : end.timedOut ? `stopped after ${limitMs} ms` : 'FAILED';
  console.log(`\n== ${check.name}: ${verdict} (${seconds} s)${end.text === '' ? '' : `\n${end.text}`}`);
  if (end.code === 0) return { passed: 1, failed: 0, remarks: [] };
  return { passed: 0, failed: 1, remarks: [`${check.name}: ${verdict}`] };
}
