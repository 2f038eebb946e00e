import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dangersIn } from '../infra/policies/plan/atStake.ts';
import { stepsOf } from '../infra/policies/plan/readPlan.ts';

const usage = `judge-plan [--allow URN]... [FILE]

Says whether a plan of Pulumi's deletes or replaces what holds data, before it is carried out:
  pulumi preview --json | scripts/judge-plan
  pulumi preview --save-plan plan.json && scripts/judge-plan plan.json
  --allow URN   this one may go: its data are elsewhere, or not wanted any more
Exit code 0: nothing is at stake; 1: something is; 2: that is no whole plan.`;

process.exitCode = main();

function main(): number {
  try {
    const { values, positionals } = parseArgs({
      options: {
        allow: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    return judge(readPlan(positionals), values.allow);
  } catch (error) {
    console.error(`judge-plan: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

function readPlan([file, ...more]: readonly string[]): unknown {
  if (more.length > 0)
    throw new Error('one plan at a time; wanted: one FILE, or none to read what is piped in');
  const text = readFileSync(file === undefined || file === '-' ? process.stdin.fd : file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('this is no JSON; wanted: what `pulumi preview --json` prints', { cause });
  }
}

function judge(plan: unknown, allow: readonly string[]): number {
  const steps = stepsOf(plan);
  const urns = new Set(steps.map(({ urn }) => urn));
  const strange = allow.filter((urn) => !urns.has(urn));
  if (strange.length > 0)
    throw new Error(`the plan has no ${strange.join(', ')}; wanted: a URN as the plan writes it`);
  const dangers = dangersIn(steps, new Set(allow));
  if (dangers.length === 0) {
    console.log(`${steps.length} steps, none of which deletes or replaces what holds data.`);
    return 0;
  }
  console.error('This plan would lose data:');
  for (const { says, urn } of dangers) console.error(`- ${says}\n  ${urn}`);
  console.error(
    'Nothing was changed. To let one go on purpose: --allow URN; then also unprotect it (pulumi state unprotect).',
  );
  return 1;
}
