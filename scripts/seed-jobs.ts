import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Client, createClient } from '../shared/client/index.ts';
import { fleet } from '../shared/contract/fleet.ts';
import { pendingAgents } from '../shared/contract/pendingAgents.ts';
import { approveExpected, seedFile, seedFleet } from '../shared/contract/seeding.ts';
import { terminalLines, terminalText } from '../shared/domain/escaping/terminalText.ts';
import { seedFileOf } from './seeding/seedFileOf.ts';

const usage = `seed-jobs FILE [--dry-run]    makes groups, runners and jobs, or sets them to what the file says
seed-jobs --export            prints the seed file of what there is now
seed-jobs --approve [--yes]   lists the agents that seeded runners wait for; with --yes it lets them in

The server is DATASYNC_URL (http://127.0.0.1:7071), the operator's personal token DATASYNC_TOKEN.
Exit code 0: done; 1: something was refused or left; 2: could not.`;

const DONE = 0;
const SOME_REFUSED = 1;
const COULD_NOT = 2;

process.exitCode = await main().catch((error: unknown) => {
  console.error(`seed-jobs: ${terminalLines(error instanceof Error ? error.message : String(error))}`);
  return COULD_NOT;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      export: { type: 'boolean', default: false },
      approve: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return DONE;
  }
  const [file, ...more] = positionals;
  const wishes = [file !== undefined, values.export, values.approve].filter(Boolean).length;
  if (wishes !== 1 || more.length > 0) {
    console.error(usage);
    return COULD_NOT;
  }
  if (values.export) return exportFile(connect());
  return file === undefined ? approve(connect(), values.yes) : seed(connect(), file, values['dry-run']);
}

function connect(): Client {
  const token = process.env['DATASYNC_TOKEN'] ?? '';
  if (token === '') throw new Error('no token; wanted: an operator’s personal token in DATASYNC_TOKEN');
  return createClient({
    baseUrl: process.env['DATASYNC_URL'] ?? 'http://127.0.0.1:7071',
    headers: () => ({ authorization: `Bearer ${token}` }),
  });
}

async function exportFile(client: Client): Promise<number> {
  const { runners } = await client.call(fleet, {});
  console.log(JSON.stringify(seedFileOf(runners), null, 2));
  return DONE;
}

async function seed(client: Client, file: string, dryRun: boolean): Promise<number> {
  const { runners } = readSeedFile(file);
  const { changes, unchanged, refused } = await client.call(seedFleet, { body: { runners, dryRun } });
  for (const { kind, subject, change, fields } of changes)
    say(`${dryRun ? 'would be ' : ''}${change}`, `${kind} ${subject}`, fields.join(', '));
  for (const { runnerId, detail } of refused) say('refused', `runner ${runnerId}`, detail);
  console.log(
    `${String(changes.length)} changes, ${String(unchanged)} runners as they were, ${String(refused.length)} refused`,
  );
  return refused.length === 0 ? DONE : SOME_REFUSED;
}

function readSeedFile(file: string) {
  const parsed = seedFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 20)
    .map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${file} is no seed file:\n${faults.join('\n')}`);
}

async function approve(client: Client, isSure: boolean): Promise<number> {
  const { agents } = await client.call(pendingAgents, {});
  const expected = agents.filter((agent) => agent.isExpected);
  for (const { hostName, pairingCode, address, requestedRunnerId } of expected)
    say(pairingCode, `${hostName} at ${address}`, `as runner ${requestedRunnerId ?? ''}`);
  const others = agents.length - expected.length;
  if (others > 0) console.log(`${String(others)} other agents wait for a decision on the dashboard`);
  if (!isSure || expected.length === 0) {
    console.log(`${String(expected.length)} expected${expected.length === 0 ? '' : '; --yes lets them in'}`);
    return DONE;
  }
  const { approved, left } = await client.call(approveExpected, {
    body: { enrolmentIds: expected.slice(0, 200).map((agent) => agent.enrolmentId) },
  });
  for (const { enrolmentId, reason } of left) say('left', enrolmentId, reason);
  console.log(`${String(approved.length)} let in, ${String(left.length)} left`);
  return left.length === 0 ? DONE : SOME_REFUSED;
}

/** Names from outside cannot steer the terminal. */
function say(...parts: readonly string[]): void {
  console.log(
    parts
      .filter((part) => part !== '')
      .map(terminalText)
      .join('  '),
  );
}
