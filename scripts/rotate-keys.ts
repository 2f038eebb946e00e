import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fleet } from '../shared/contract/fleet.ts';
import { az } from './deploying/az.ts';
import { connect } from './operating/connection.ts';
import { keysInAzure } from './rotating/azure.ts';
import { begin, rotate, type RotationParts, type RotationState, rotationState } from './rotating/rotation.ts';

const usage = `rotate-keys --stack FILE --owner-told TEXT [--emergency] [--sas-hours 24] [--state rotation.json]

Exchanges the key that agents' SAS are signed with, step by step; run again it goes on where it was cut off.
  --stack FILE       what \`pulumi stack output --json\` printed; whoever signed in to az acts
  --owner-told TEXT  who was told of it, when and how: the owner is told first, this is kept in the state
  --emergency        the old key goes at once and every SAS with it; agents have new ones with their next heartbeat
  --sas-hours N      SAS_HOURS of the stack
  --state FILE       how far it has come; holds no key
DATASYNC_TOKEN is a personal token, by which the agents' state is read. Planned, it takes as long as a SAS lives.
Exit code 0: done, every agent reaches its share; 2: stopped, with the reason; run it again.`;

/** Outputs of infra/outputs.ts. */
const stack = z.object({
  resourceGroup: z.string().min(1),
  filesStorageAccount: z.string().min(1),
  keyVault: z.string().min(1),
  filesCredential: z.string().min(1),
  url: z.url(),
});

process.exitCode = await main().catch((error: unknown) => {
  console.error(`rotate-keys: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stack: { type: 'string' },
      'owner-told': { type: 'string' },
      emergency: { type: 'boolean', default: false },
      'sas-hours': { type: 'string', default: '24' },
      state: { type: 'string', default: 'rotation.json' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.stack === undefined) throw new Error('no stack was named; wanted: --stack FILE, see --help');
  const place = stack.parse(JSON.parse(readFileSync(values.stack, 'utf8')));
  const client = connect(place.url, process.env);
  const parts: RotationParts = {
    ...keysInAzure(place, az),
    runners: async () => {
      const { runners } = await client.call(fleet, {});
      return runners
        .filter(({ status }) => status === 'active')
        .map(({ name, presence, azureFilesStatus, credentialExpiresAt }) => ({
          name,
          isOnline: presence === 'online',
          azureFilesStatus,
          credentialExpiresAt: credentialExpiresAt === null ? undefined : new Date(credentialExpiresAt),
        }));
    },
    sasHours: Number(values['sas-hours']),
    save: (state) => keep(values.state, state),
    say: (line) => console.log(`${new Date().toISOString()} ${line}`),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
  };
  await rotate(parts, await stateOf(parts, values));
  return 0;
}

async function stateOf(
  parts: RotationParts,
  given: { state: string; emergency: boolean; 'owner-told'?: string | undefined },
): Promise<RotationState> {
  const mode = given.emergency ? 'emergency' : 'planned';
  if (existsSync(given.state)) {
    const kept = rotationState.parse(JSON.parse(readFileSync(given.state, 'utf8')));
    if (kept.next === 'done')
      throw new Error(`${given.state} is of a rotation that is done; wanted: take it away to begin another`);
    // An emergency does not wait for what a planned one waits for; the other way round is no harm either.
    return {
      ...kept,
      mode,
      ...(given.emergency && kept.next === 'wait-for-agents' && { next: 'renew-old-key' }),
    };
  }
  const ownerTold = given['owner-told'] ?? '';
  if (ownerTold.trim() === '')
    throw new Error('the owner is told first; wanted: --owner-told "who, when, how"');
  const state = await begin(parts, mode, ownerTold);
  keep(given.state, state);
  return state;
}

/** Whole or not at all: a state that was cut off would be a rotation that nobody can go on with. */
function keep(file: string, state: RotationState): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
