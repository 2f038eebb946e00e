import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { migrate, openDatabase } from '../../functions/platform/database/index.ts';
import { startEmbeddedPostgres } from '../../local/database/embedded.ts';
import { median, print, printFigure } from './report.ts';

const ENTITIES = 100_000;
const ROUNDS = 3;
/** Every twentieth entity has changed. */
const CHANGED_EVERY = 20;
const walker = path.join(import.meta.dirname, 'servers/register-walk.ts');

/** What a walk says of itself. */
interface Walk {
  readonly wallMs: number;
  readonly peakMiB: number;
  readonly cpuMs: number;
}

/** A register of 100,000 entities walked again, by a process of its own: with nothing changed, and with a twentieth changed. */
export async function benchRegisters(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const walk = async (run: string, changedEvery: number): Promise<Walk> => {
    const flags = [walker, postgres.url, String(ENTITIES), String(changedEvery), run];
    const { stdout } = await promisify(execFile)(process.execPath, flags);
    return JSON.parse(stdout) as Walk;
  };
  try {
    await prepare(postgres.url);
    await walk('first', 0);
    const same: Walk[] = [];
    const changed: Walk[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      changed.push(await walk(`changed-${String(round)}`, CHANGED_EVERY));
      await walk(`back-${String(round)}`, 0);
      same.push(await walk(`same-${String(round)}`, 0));
    }
    printWalks('nothing changed', same);
    printWalks('a twentieth changed', changed);
  } finally {
    await postgres.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function prepare(url: string): Promise<void> {
  const database = await openDatabase({ url });
  await migrate(database);
  const organization = { id: 'bench', name: 'Bench', created_at: new Date() };
  await database.db.insertInto('organizations').values(organization).execute();
  await database.close();
}

function printWalks(what: string, walks: readonly Walk[]): void {
  const seconds = median(walks.map(({ wallMs }) => wallMs / 1000));
  const peak = median(walks.map(({ peakMiB }) => peakMiB));
  const cpu = median(walks.map(({ cpuMs }) => cpuMs / 1000));
  const whole = `a register of ${String(ENTITIES)} entities walked, ${what}`;
  printFigure({ id: 'O7', what: whole, value: seconds, unit: 's', atMost: 10 });
  printFigure({ id: 'O7', what: `${whole}: memory at its peak`, value: peak, unit: 'MiB', atMost: 200 });
  print(`    its own processor time, start included: ${cpu.toFixed(1)} s`);
}
