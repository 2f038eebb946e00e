import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../local/fleet/random.ts';
import { startTestPlatform } from '../../support/platform.ts';
import { type ArchiveCount, countArchive, unexplainedEnds } from './archived.ts';
import { type Fault } from './fault.ts';
import { faults } from './faults.ts';
import { type Field, removeFault } from './field.ts';
import type { CampaignOptions } from './options.ts';

/** Everything that a campaign found out. */
export interface Outcome {
  readonly archive: ArchiveCount;
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<string, number>;
  readonly unexplainedEnds: readonly string[];
}

/** Short times, so that minutes rehearse hours. */
const environment = { HEARTBEAT_SECONDS: '3', ORPHAN_MINUTES: '1' };
const DAY_SECONDS = 86_400;

/** Starts a platform in a folder of its own, breaks it until the time is up, lets it settle, and counts. */
export async function runCampaign(options: CampaignOptions, say: (line: string) => void): Promise<Outcome> {
  const dataDir = await mkdtemp(join(tmpdir(), 'datasync-campaign-'));
  const start = (rate: number) =>
    startTestPlatform({
      dataDir,
      fleet: options.instruments,
      rate,
      hosts: options.hosts,
      takesFaults: true,
      clockSkew: `argo1=${String(DAY_SECONDS)},argo2=${String(-DAY_SECONDS)}`,
      env: environment,
    });
  const field: Field = {
    random: seededRandom(`campaign ${options.seed}`),
    platform: await start(options.rate),
    restart: () => start(options.rate),
    say,
    runners: Array.from({ length: options.instruments }, (_, index) => `argo${String(index + 1)}`),
  };
  try {
    const struck = await attack(field, options.minutes);
    say('settling: the instruments stop, what they finished has to arrive');
    await removeFault(field);
    await field.platform.stop();
    field.platform = await start(0);
    return { archive: await countArchive(field), struck, unexplainedEnds: await unexplainedEnds(field) };
  } finally {
    await field.platform.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Every fault once in a drawn order, then whatever is drawn, until the time is up. */
async function attack(field: Field, minutes: number): Promise<Map<string, number>> {
  const endAt = Date.now() + minutes * 60_000;
  const counts = new Map<string, number>();
  for (const fault of drawn(field)) {
    if (Date.now() > endAt) break;
    field.say(`${new Date().toISOString()} ${fault.name}`);
    await fault.strike(field);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    await sleep(field.random.between(0, 4000));
  }
  return counts;
}

function* drawn({ random }: Field): Generator<Fault> {
  for (;;) {
    const ranked = faults.map((fault) => ({ fault, rank: random.next() }));
    for (const { fault } of ranked.toSorted((a, b) => a.rank - b.rank)) yield fault;
  }
}
