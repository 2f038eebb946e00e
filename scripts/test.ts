import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { fillCompileCache } from './testing/compileCache.ts';
import { ensureSystem } from './testing/ensureSystem.ts';
import { runCheck } from './testing/runCheck.ts';
import { runProject } from './testing/runProject.ts';
import { chooseSteps, type Project } from './testing/steps.ts';
import { closingLine, isGreen, sum } from './testing/tally.ts';

/**
 * `npm test [-- STEP…]`: in three stages, each with several steps beside one another. A failure does not stop what follows;
 * the last line counts everything, and the exit code is 0 only when something ran and all passed.
 */
const { checks, projects } = chooseSteps(process.argv.slice(2));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`npm test was stopped by ${signal}`)));
}
const { signal } = interrupted;
const skippedFails = process.env['CI'] === 'true';

const run = (project: Project) => runProject(project, { signal, skippedFails });
const of = (stage: Project['stage']) => projects.filter((project) => project.stage === stage);

// Waits for downloads, if it does anything.
const system = projects.some((project) => project.needsSystem) ? ensureSystem({ signal }) : undefined;
system?.catch(() => undefined); // it is awaited below
const inParallel = pLimit(availableParallelism());
const early = [
  ...checks.map((check) => () => runCheck(check, { signal })),
  ...of('first').map((project) => () => run(project)),
];
const tallies = await inParallel.map(early, (step) => step());
if (projects.length > 0) await fillCompileCache({ signal });
if (system !== undefined) tallies.push(await system);
tallies.push(...(await Promise.all(of('middle').map(run))));
tallies.push(...(await Promise.all(of('last').map(run))));

const total = sum(tallies);
for (const line of total.remarks) console.log(line);
console.log(closingLine(total));
process.exitCode = isGreen(total) ? 0 : 1;
