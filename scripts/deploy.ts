import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { az } from './deploying/az.ts';
import { deploy, history, type Parts, record, rollback } from './deploying/commands.ts';
import { packagesOf } from './deploying/packages.ts';
import { readStack } from './deploying/stack.ts';
import { targetOf } from './deploying/target.ts';
import { runCommand } from './operating/runCommand.ts';

const usage = `deploy COMMAND --stack FILE

FILE is what \`pulumi stack output --json\` printed; whoever signed in to az acts. Commands:
  package [--packages dist/packages]   keeps the package of \`npm run package\`, and deploys it to the staging slot
                                       (on Flex Consumption, which has no slots: to production)
  swap                                 brings staging to production
  record --audit N [--packages …]      writes the deployment into the history; N is what the audit ended with: 0, 1 or 2
  history                              what was deployed when, and what the audit said
  rollback [--to VERSION|COMMIT]       deploys a kept package again and brings it to production; by default the one before
Exit code 0: done; 2: could not, with what Azure said.`;

const release = z.object({
  version: z.string(),
  commit: z.string(),
  app: z.object({ file: z.string() }),
});
const audits = { '0': 'passed', '1': 'warned', '2': 'failed' } as const;

await runCommand('deploy', main);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      stack: { type: 'string' },
      packages: { type: 'string', default: 'dist/packages' },
      audit: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.stack === undefined) throw new Error('no stack was named; wanted: --stack FILE, see --help');
  const stack = readStack(values.stack);
  const say = (line: string): void => console.log(line);
  const parts: Parts = {
    packages: packagesOf(stack, az),
    target: targetOf(stack, az),
    now: () => new Date(),
    say,
  };
  const readRelease = () =>
    release.parse(JSON.parse(readFileSync(join(values.packages, 'release.json'), 'utf8')));
  const commands: Readonly<Record<string, () => Promise<void>>> = {
    package: () => deploy(parts, values.packages, readRelease()),
    swap: () => parts.target.swap(),
    record: () => record(parts, readRelease(), auditOf(values.audit)),
    history: () => history(parts),
    rollback: () => rollback(parts, values.to),
  };
  const command = commands[positionals[0] ?? ''];
  if (command === undefined || positionals.length !== 1)
    throw new Error(`wanted: one of ${Object.keys(commands).join(', ')}; see --help`);
  await command();
  return 0;
}

function auditOf(code: string | undefined) {
  const audit = Object.entries(audits).find(([known]) => known === code)?.[1];
  if (audit === undefined) throw new Error(`--audit ${code ?? 'is missing'}; wanted: 0, 1 or 2`);
  return audit;
}
