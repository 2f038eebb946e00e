import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom } from '../../../local/fleet/random.ts';
import { type CopyCount, countCopies } from './countCopies.ts';
import type { Ground } from './ground.ts';
import type { HostProcess } from './hostProcess.ts';
import type { HostKillOptions } from './options.ts';

export interface HostKillOutcome extends CopyCount {
  readonly killed: number;
  /** Pages that the API was asked for more than once. */
  readonly repeated: number;
}

/** From the begin of a page to its end and a little into the next one. */
const LONGEST_MS = 40;

/** Copies while hosts are killed at work, one after the other, and started again; then counts. */
export async function killHosts(
  ground: Ground,
  options: HostKillOptions,
  say: (line: string) => void,
): Promise<HostKillOutcome> {
  const random = seededRandom(`workflow hosts ${options.seed}`);
  const runIds: string[] = [];
  for (let copy = 0; copy < options.copies; copy += 1) runIds.push(await ground.startCopy());
  await sendDoubled(ground, runIds);
  const pages = watchPages();
  const start = async () => pages.follow(await ground.startHost());
  const over = untilOver(ground, runIds);
  await Promise.all(Array.from({ length: options.hosts }, start));
  const restarts: Promise<void>[] = [];
  let killed = 0;
  for (const moment of moments(options, random)) {
    const at = await Promise.race([pages.begun(moment), over]);
    if (at === undefined) break;
    await sleep(random.between(0, LONGEST_MS));
    await at.host.kill();
    killed += 1;
    say(`kill −9 after ${String(pages.count())} pages, at ${at.idempotencyKey}`);
    restarts.push(start());
  }
  await over;
  await Promise.all(restarts);
  await ground.killHosts();
  const repeated = pages.repeated();
  return { killed, repeated, ...(await countCopies(ground, runIds)) };
}

/** The first messages a second time, and some of another life: queues deliver at least once, in any order. */
async function sendDoubled({ services }: Ground, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) for (const slice of [0, 7]) await services.slices.send({ runId, slice });
}

/** Counts of begun pages at which a host is killed: one in each part of the whole, so that no page is struck again and again. */
function moments({ kills, pages, copies }: HostKillOptions, random: Random): number[] {
  const part = (pages * copies * 0.95) / kills;
  return Array.from({ length: kills }, (_, kill) =>
    Math.ceil(random.between(kill * part, (kill + 1) * part)),
  );
}

interface BegunPage {
  readonly host: HostProcess;
  readonly idempotencyKey: string;
}

/** What hosts say of the pages that they begin. */
function watchPages() {
  const begins = new Map<string, number>();
  let tell = (_page: BegunPage): void => undefined;
  return {
    follow: (host: HostProcess): void => {
      host.onPage((idempotencyKey) => {
        begins.set(idempotencyKey, (begins.get(idempotencyKey) ?? 0) + 1);
        tell({ host, idempotencyKey });
      });
    },
    /** The next page that is begun once so many different ones were. */
    begun: (count: number): Promise<BegunPage> =>
      new Promise((resolve) => {
        tell = (page) => {
          if (begins.size < count) return;
          tell = () => undefined;
          resolve(page);
        };
      }),
    count: () => begins.size,
    repeated: () => [...begins.values()].filter((times) => times > 1).length,
  };
}

/** Sweeps until no copy goes on. */
async function untilOver(ground: Ground, runIds: readonly string[]): Promise<undefined> {
  const goOn = () =>
    ground.database.db
      .selectFrom('sync_runs')
      .select('id')
      .where('id', 'in', runIds)
      .where('status', '=', 'running')
      .execute();
  while ((await goOn()).length > 0) {
    await ground.dispatch();
    await sleep(250);
  }
  return undefined;
}
