import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { fillCompileCache } from './testing/compileCache.ts';
import { ensureSystem } from './testing/ensureSystem.ts';
import { runCheck } from './testing/runCheck.ts';
import { runProject } from './testing/runProject.ts';
import { chooseSteps, type Step } from './testing/steps.ts';
import { closingLine, isGreen, sum, type Tally } from './testing/tally.ts';

/**
 * `npm test [-- STEP…]`: the static checks and the vitest projects, one more at a time than there are processors: half of
 * them wait for other processes most of their time. A failure does not stop what follows; the last line counts
 * everything, and the exit code is 0 only when something ran and all passed.
 */
const steps = chooseSteps(process.argv.slice(2));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`npm test was stopped by ${signal}`)));
}
const { signal } = interrupted;
const skippedFails = process.env['CI'] === 'true';

const projects = steps.filter((step) => step.kind === 'project');
const compiled = projects.length > 0 ? fillCompileCache({ signal }) : undefined;
const system = projects.some((project) => project.needsSystem) ? [ensureSystem({ signal })] : [];

async function run(step: Step): Promise<Tally> {
  if (step.kind === 'check') return runCheck(step, { signal });
  await compiled;
  if (step.needsSystem) await Promise.all(system);
  return runProject(step, { signal, skippedFails });
}

const atOnce = pLimit(availableParallelism() + 1);
const tallies = await Promise.all([...system, ...steps.map((step) => atOnce(run, step))]);
const total = sum(tallies);
for (const line of total.remarks) console.log(line);
console.log(closingLine(total));
process.exitCode = isGreen(total) ? 0 : 1;
