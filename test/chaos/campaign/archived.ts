import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldLedger } from '../../../local/fleet/ledger.ts';
import { fleet, reconcile, run } from '../../../shared/contract/fleet.ts';
import { runScript } from '../../support/scripts.ts';
import type { Field } from './field.ts';
import { until } from './until.ts';

/** What the outside sees of the archive once everything has settled. */
export interface ArchiveCount {
  /** Files that instruments finished. */
  readonly produced: number;
  /** Of these, deleted by the instruments to make room. */
  readonly purged: number;
  /** Whole on the share with the bytes that the instrument wrote. */
  readonly equal: number;
  /** Finished, and not on the share as they were. */
  readonly lost: readonly string[];
  /** The same content of one file under two names. */
  readonly doubled: readonly string[];
  /** Rows of the state index that a reconcile would change. */
  readonly indexDrift: number;
  /** What these are, by instrument. */
  readonly driftKinds: readonly string[];
}

const PATIENCE_MS = 240_000;

const jobsOf = async ({ platform }: Field) => {
  const { runners } = await platform.client.call(fleet, {});
  return runners.flatMap(({ runnerId, jobs }) => jobs.map((job) => ({ runnerId, ...job })));
};

/** Waits, within patience, until both sides are equal; then counts, equal or not. */
export async function countArchive(field: Field): Promise<ArchiveCount> {
  await until(async () => (await compare(field)).every(({ code }) => code === 0), PATIENCE_MS);
  await until(async () => (await indexDrift(field)).length === 0, PATIENCE_MS / 2);
  const compared = await compare(field);
  const lines = compared.flatMap(({ runnerId, output }) =>
    output.split('\n').map((line) => `${runnerId} ${line}`),
  );
  const named = (kind: RegExp): string[] => lines.filter((line) => kind.test(line));
  const ledgers = await Promise.all(field.runners.map((runner) => foldLedger(ledgerOf(field, runner))));
  const files = ledgers.flatMap((ledger) => [...ledger.values()]);
  const lost = named(/^\S+ (missing|different|not whole|recorded with another hash): /);
  const expected = compared.reduce(
    (sum, { output }) => sum + Number(/(\d+) files expected/.exec(output)?.[1] ?? 0),
    0,
  );
  for (const { code, runnerId, output } of compared)
    if (code > 1) throw new Error(`${runnerId} could not be verified: ${output}`);
  const drift = await indexDrift(field);
  return {
    produced: files.length,
    purged: files.filter(({ gone }) => gone === 'purged').length,
    equal: expected - lost.length,
    lost,
    doubled: named(/^\S+ archived twice: /),
    indexDrift: drift.reduce((sum, { count }) => sum + count, 0),
    driftKinds: drift.map(
      ({ runnerId, kind, count }) => `${runnerId}: a reconcile would count ${String(count)} ${kind}`,
    ),
  };
}

export const ledgerOf = ({ platform }: Field, runner: string): string =>
  join(platform.dataDir, 'fleet', 'ledger', `${runner.toUpperCase()}.jsonl`);

async function compare(field: Field) {
  return Promise.all(
    (await jobsOf(field)).map(async ({ runnerId, shareName }) => {
      const args = [
        '--ledger',
        ledgerOf(field, runnerId),
        '--share',
        shareName,
        '--data',
        field.platform.dataDir,
      ];
      return { runnerId, ...(await runScript('verify-archive', args)) };
    }),
  );
}

interface Drift {
  readonly runnerId: string;
  readonly kind: string;
  readonly count: number;
}

/** A dry run of a reconcile says what it would change: nothing, where the index is the share. */
async function indexDrift(field: Field): Promise<Drift[]> {
  const drift: Drift[] = [];
  for (const { runnerId, jobId } of await jobsOf(field)) {
    const params = { runnerId, jobId };
    const body = { dryRun: true, removeMissing: false, allowEmptyShare: false };
    const { runId } = await field.platform.client.call(reconcile, { params, body });
    const read = () => field.platform.client.call(run, { params: { runId } });
    await until(async () => (await read()).run.status !== 'running', PATIENCE_MS);
    const result = (await read()).result as Readonly<Record<string, number>>;
    for (const kind of ['added', 'replaced', 'refreshed', 'missing']) {
      const count = result[kind] ?? 0;
      if (count > 0) drift.push({ runnerId, kind, count });
    }
  }
  return drift;
}

/** Lines of the agents' logs that tell of an end that no kill explains. */
export async function unexplainedEnds(field: Field): Promise<string[]> {
  const texts = await Promise.all(
    field.runners.map((runner) =>
      readFile(join(field.platform.dataDir, 'logs', `agent-${runner}.log`), 'utf8').catch(() => ''),
    ),
  );
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => /"message":"agent-\w+ ended"/.test(line) && !line.includes('SIGKILL'));
}
