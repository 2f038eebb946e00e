import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../local/fleet/random.ts';
import { startTestPlatform } from '../../support/platform.ts';
import { type ArchiveCount, countArchive, unexplainedEnds } from './archived.ts';
import { failedChecks } from './audited.ts';
import { type Fault } from './fault.ts';
import { faults } from './faults.ts';
import { type Field, removeFault } from './field.ts';
import type { CampaignOptions } from './options.ts';
import { openSink, type Sink } from './sink.ts';
import { judgeTold, type Told } from './told.ts';
import { until } from './until.ts';
import { allAlerts, type Expectation, loseFile, silenceRunner, tellSink } from './watch.ts';

/** Everything that a campaign found out. */
export interface Outcome {
  readonly archive: ArchiveCount;
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<string, number>;
  readonly told: Told;
  readonly unexplainedEnds: readonly string[];
  /** Checks of the fidelity audit that fail once all has settled, other than by what was done on purpose. */
  readonly failedChecks: readonly string[];
}

/** Short times, so that minutes rehearse hours. */
const environment = {
  HEARTBEAT_SECONDS: '3',
  ORPHAN_MINUTES: '1',
  OFFLINE_MINUTES: '0.5',
  NOTIFY_ALLOW_PRIVATE_ADDRESSES: 'true',
};
const SILENT_MS = 150_000;
/** A sweep a minute, and another for what was refused once. */
const TOLD_WITHIN_MS = 150_000;
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
  const sink = await openSink();
  try {
    await tellSink(field, sink);
    const struck = await attack(field, options.minutes, sink);
    // Once is waited for; with each refusal the next attempt comes later, and the fifth in five minutes.
    sink.refuse(1);
    const expectations = await doOnPurpose(field, options.silences);
    const told = async () => judgeTold(expectations, await allAlerts(field), sink);
    if (!(await until(async () => (await told()).missed.length === 0, TOLD_WITHIN_MS)))
      for (const { evidence } of expectations) for (const line of await evidence()) say(`  ${line}`);
    say('settling: the instruments stop, what they finished has to arrive');
    await removeFault(field);
    await field.platform.stop();
    field.platform = await start(0);
    return {
      archive: await countArchive(field),
      struck,
      told: await told(),
      unexplainedEnds: await unexplainedEnds(field),
      failedChecks: await failedChecks(field),
    };
  } finally {
    await field.platform.stop();
    await sink.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Every fault once in a drawn order, then whatever is drawn, until the time is up. */
async function attack(field: Field, minutes: number, sink: Sink): Promise<Map<string, number>> {
  const endAt = Date.now() + minutes * 60_000;
  const counts = new Map<string, number>();
  for (const fault of drawn(field)) {
    if (Date.now() > endAt) break;
    field.say(`${new Date().toISOString()} ${fault.name}`);
    if (field.random.chance(0.3)) sink.refuse(2);
    await fault.strike(field);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    await sleep(field.random.between(0, 4000));
  }
  return counts;
}

/** What somebody must be told of: a PC that is silent, and a file that is deleted before it is archived. */
async function doOnPurpose(field: Field, silences: boolean): Promise<Expectation[]> {
  const [silent, , losing] = field.runners;
  if (silent === undefined || losing === undefined) throw new Error('a campaign needs three instruments');
  field.say(`${new Date().toISOString()} on purpose: ${losing} deletes a file that waits`);
  if (silences) field.say(`${new Date().toISOString()} on purpose: ${silent} falls silent`);
  const met = await Promise.all([
    ...(silences ? [silenceRunner(field, silent, SILENT_MS)] : []),
    loseFile(field, losing),
  ]);
  return met.filter((expectation) => expectation !== undefined);
}

function* drawn({ random }: Field): Generator<Fault> {
  for (;;) {
    const ranked = faults.map((fault) => ({ fault, rank: random.next() }));
    for (const { fault } of ranked.toSorted((a, b) => a.rank - b.rank)) yield fault;
  }
}
