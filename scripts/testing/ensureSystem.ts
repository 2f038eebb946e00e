import { join } from 'node:path';
import { root, runProcess } from './runProcess.ts';
import type { Tally } from './tally.ts';

/** Makes sure of the programs that tests start but npm cannot bring; says what is missing when it cannot. */
export async function ensureSystem({ signal }: { signal: AbortSignal }): Promise<Tally> {
  console.log('\n== system programs');
  const script = join(root, 'scripts/ensure-system.sh');
  const end = await runProcess('bash', [script], { output: 'shown', limitMs: 5 * 60_000, signal });
  if (end.code === 0) return { passed: 1, failed: 0, remarks: [] };
  return { passed: 0, failed: 1, remarks: ['system programs: missing, see above'] };
}
