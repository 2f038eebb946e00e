import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../local/fleet/random.ts';
import type { FaultReport, FaultRule } from '../../../local/azure-files/faults/faultRules.ts';
import { clusterUser } from '../../../local/database/cluster.ts';
import { isRunning, type TestPlatform } from '../../support/platform.ts';

/** The platform under attack, and the handles by which it is attacked. */
export interface Field {
  readonly random: Random;
  /** Changes when the supervisor itself was killed. */
  platform: TestPlatform;
  readonly restart: () => Promise<TestPlatform>;
  readonly say: (line: string) => void;
  readonly runners: readonly string[];
}

const PATIENCE_MS = 60_000;

/** Waits until a part runs (one that was hit before may be on its way back) and gives its process id. */
export async function pidOf(field: Field, part: string): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const pid = field.platform.pids()[part];
    if (pid !== undefined && isRunning(pid)) return pid;
    await sleep(100);
  }
  throw new Error(`${part} did not come back within ${String(PATIENCE_MS / 1000)} s`);
}

/** kill −9; nothing happens when the process ended by itself meanwhile. */
export function signal(pid: number, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Runs `work` with the embedded database's own account; undefined when the database does not answer now. */
export async function withDatabase<T>(
  field: Field,
  work: (client: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  const folder = join(field.platform.dataDir, 'postgres');
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
  const port = (await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')).split(
    '\n',
  )[3];
  if (port === undefined) return undefined;
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(port),
    user: clusterUser,
    password,
    database: 'postgres',
  });
  client.on('error', () => undefined); // it may be killed under us
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    field.say(`  (the database did not answer: ${error instanceof Error ? error.message : String(error)})`);
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const faultsUrl = ({ platform }: Field): string =>
  `http://127.0.0.1:${String(platform.credentials.files.port)}/.faults`;

/** Adds a rule to the file server's fault script; undefined when the server is away. */
export async function addFault(field: Field, rule: FaultRule): Promise<string | undefined> {
  const response = await fetch(faultsUrl(field), { method: 'POST', body: JSON.stringify(rule) }).catch(
    () => undefined,
  );
  if (response === undefined) return undefined;
  if (response.status !== 201) throw new Error(`the fault was refused: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

export async function removeFault(field: Field, id?: string): Promise<void> {
  const url = id === undefined ? faultsUrl(field) : `${faultsUrl(field)}/${id}`;
  await fetch(url, { method: 'DELETE' }).catch(() => undefined); // a server that was killed forgot it
}

/** Waits until a rule struck; false when it did not within `withinMs`, or the server forgot it. */
export async function struck(field: Field, id: string, withinMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  while (Date.now() < giveUpAt) {
    const response = await fetch(faultsUrl(field)).catch(() => undefined);
    if (response === undefined) return false;
    const rule = ((await response.json()) as FaultReport[]).find((one) => one.id === id);
    if (rule === undefined) return false;
    if (rule.struck > 0) return true;
    await sleep(10);
  }
  return false;
}
