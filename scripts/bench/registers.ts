import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate, openDatabase } from '../../functions/platform/database/index.ts';
import { startEmbeddedPostgres } from '../../local/database/embedded.ts';
import { type ProcessCost, timeProcess } from './agent-process.ts';
import { median, printFigure } from './report.ts';

const ENTITIES = 100_000;
const ROUNDS = 3;
/** Every twentieth entity has changed. */
const CHANGED_EVERY = 20;
const walker = path.join(import.meta.dirname, 'servers/register-walk.ts');

/** A register of 100,000 entities walked again, by a process of its own: with nothing changed, and with a twentieth changed. */
export async function benchRegisters(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const walk = (run: string, changedEvery: number): Promise<ProcessCost> =>
    timeProcess(process.execPath, [walker, postgres.url, String(ENTITIES), String(changedEvery), run]);
  try {
    await prepare(postgres.url);
    await walk('first', 0);
    const same: ProcessCost[] = [];
    const changed: ProcessCost[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      same.push(await walk(`same-${String(round)}`, 0));
      changed.push(await walk(`changed-${String(round)}`, CHANGED_EVERY));
      await walk(`back-${String(round)}`, 0);
    }
    print('nothing changed', same);
    print('a twentieth changed', changed);
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

function print(what: string, walks: readonly ProcessCost[]): void {
  const seconds = median(walks.map(({ wallMs }) => wallMs / 1000));
  const peak = median(walks.map(({ peakMiB }) => peakMiB));
  const whole = `a register of ${String(ENTITIES)} entities walked, ${what}`;
  printFigure({ id: 'O7', what: whole, value: seconds, unit: 's', atMost: 10 });
  printFigure({ id: 'O7', what: `${whole}: memory at its peak`, value: peak, unit: 'MiB', atMost: 200 });
}
