import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { az } from './deploying/az.ts';
import { connect } from './operating/connection.ts';
import { runCommand } from './operating/runCommand.ts';
import { keysInAzure } from './rotating/azure.ts';
import { ofPlatform } from './rotating/platform.ts';
import { begin, resumed, rotate, type RotationParts } from './rotating/rotation.ts';
import { rotationStore } from './rotating/store.ts';

const usage = `rotate-keys --stack FILE [--emergency] [--without-notice REASON] [--sas-hours 24]

Exchanges the key that agents' SAS are signed with, step by step; run again, on whichever machine, it goes on where it was cut off.
  --stack FILE             what \`pulumi stack output --json\` printed; whoever signed in to az acts
  --emergency              the old key goes at once and every SAS with it; agents have new ones with their next heartbeat
  --without-notice REASON  why the owner is not told by the platform; without it no key is touched before a channel took the notice
  --sas-hours N            SAS_HOURS of the stack
DATASYNC_TOKEN is a personal token of an operator: the platform tells the owner, and says how the agents are.
How far it has come is kept beside the packages of the stack (rotation.json), which one process at a time may hold.
Planned, it takes a quarter of an hour, or as long as a SAS lives where an agent is away.
Exit code 0: done, every agent reaches its share; 2: stopped, with the reason; run it again.`;

/** Outputs of infra/outputs.ts. */
const stack = z.object({
  resourceGroup: z.string().min(1),
  hostStorageAccount: z.string().min(1),
  filesStorageAccount: z.string().min(1),
  keyVault: z.string().min(1),
  filesCredential: z.string().min(1),
  url: z.url(),
});

await runCommand('rotate-keys', async () => {
  const { values } = parseArgs({
    options: {
      stack: { type: 'string' },
      emergency: { type: 'boolean', default: false },
      'without-notice': { type: 'string' },
      'sas-hours': { type: 'string', default: '24' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.stack === undefined) throw new Error('no stack was named; wanted: --stack FILE, see --help');
  const place = stack.parse(JSON.parse(readFileSync(values.stack, 'utf8')));
  const store = rotationStore(place.hostStorageAccount, az);
  const parts: RotationParts = {
    ...keysInAzure(place, az),
    ...ofPlatform(connect(place.url, process.env)),
    withoutNotice: values['without-notice'],
    sasHours: hours(values['sas-hours']),
    save: store.save,
    holdOn: store.holdOn,
    say: (line) => console.log(`${new Date().toISOString()} ${line}`),
    now: () => new Date(),
    newId: randomUUID,
    sleep: (ms) => sleep(ms),
  };
  const mode = values.emergency ? 'emergency' : 'planned';
  const kept = await store.take();
  try {
    const isUnderWay = kept !== undefined && kept.next !== 'done';
    const state = isUnderWay ? resumed(kept, mode) : await begin(parts, mode);
    await store.save(state);
    await rotate(parts, state);
  } finally {
    await store.release();
  }
  return 0;
});

function hours(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--sas-hours ${text} is no number of hours; wanted: SAS_HOURS of the stack`);
}
