import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type FleetClock } from './clock.ts';
import { startInstrument, type Instrument, type InstrumentOptions } from './instrument.ts';
import { foldLedger, readLedger, type LedgerLine } from './ledger.ts';
import { expectLedgerMatchesFolder, standingOn } from './ledgerMatchesFolder.ts';
import { noOddities, oddities, type Oddity } from './oddities.ts';

/** A thousand times as fast as the wall clock: minutes of waiting pass in a fraction of a second. */
function fastClock(startMs = Date.UTC(2026, 10, 22, 10)): FleetClock {
  const realStartMs = performance.now();
  return {
    now: () => startMs + (performance.now() - realStartMs) * 1000,
    wait: (ms, signal) => systemClock.wait(ms / 1000, signal),
  };
}

let root: string;
const opened: Instrument[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleet-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((instrument) => instrument.close()));
  rmSync(root, { recursive: true, force: true });
});

async function start(options: Partial<InstrumentOptions> = {}): Promise<Instrument> {
  const instrument = await startInstrument({
    dir: join(root, 'ARGO3'),
    name: 'ARGO3',
    seed: 'test',
    capFiles: 1000,
    filesPerMinute: 30,
    sizeBytes: { min: 100, max: 5000 },
    oddityRates: noOddities,
    timeZone: 'UTC',
    clock: fastClock(),
    log: (level, message, fields) => {
      throw new Error(`${level} ${message}`, { cause: fields?.['error'] });
    },
    ...options,
  });
  opened.push(instrument);
  return instrument;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

const linesOf = async (path: string): Promise<LedgerLine[]> => Array.fromAsync(readLedger(path));

describe('startInstrument()', () => {
  it('L1 writes files into date folders and enters each into a ledger outside its source', async () => {
    const instrument = await start();
    await until(() => instrument.stats().finishedFiles >= 10);
    await instrument.close();
    const files = await expectLedgerMatchesFolder(instrument);
    expect(instrument.ledgerPath).toBe(join(root, 'ledger/ARGO3.jsonl'));
    for (const { path } of files) expect(path).toMatch(/^2026-11-22\/ARGO3_20261122_10\d{4}_00\d\d\.geo$/u);
    expect(new Set(files.map(({ versions }) => versions[0]?.sha256)).size).toBe(files.length);
  });

  it('F14 L1 keeps the source at its cap while it produces', async () => {
    const instrument = await start({ capFiles: 12 });
    await until(() => instrument.stats().purgedFiles >= 12);
    await instrument.close();
    expect(standingOn(instrument.dir)).toHaveLength(12);
    await expectLedgerMatchesFolder(instrument);
  });

  it('F14 L1 purges the oldest files first, and the past date folders that this empties', async () => {
    const options = { history: { days: 3, filesPerDay: 5 }, filesPerMinute: 0 };
    const full = await start(options);
    await full.close();
    const days = readdirSync(full.dir).sort();
    const instrument = await start({ ...options, capFiles: 6 });
    const files = await expectLedgerMatchesFolder(instrument);
    const inOrder = files.toSorted((a, b) => (a.versions[0]?.mtimeMs ?? 0) - (b.versions[0]?.mtimeMs ?? 0));
    expect(inOrder.map(({ gone }) => gone)).toEqual([
      ...Array.from({ length: 9 }, () => 'purged'),
      ...Array.from({ length: 6 }, () => undefined),
    ]);
    expect(days).toEqual(['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21']);
    expect(readdirSync(instrument.dir).sort()).toEqual(['2026-11-20', '2026-11-21']);
  });

  it('L1 has a past at its first start, back-dated and finished, and only then', async () => {
    const nowMs = Date.UTC(2026, 10, 22, 10);
    const options = { history: { days: 3, filesPerDay: 20 }, filesPerMinute: 0, clock: fastClock(nowMs) };
    const instrument = await start(options);
    const files = await expectLedgerMatchesFolder(instrument);
    expect(files).toHaveLength(60);
    for (const { versions } of files) expect(versions[0]?.mtimeMs).toBeLessThan(nowMs);
    await instrument.close();
    const again = await start(options);
    expect(again.stats().standingFiles).toBe(60);
    expect(await linesOf(again.ledgerPath)).toHaveLength(60);
  });

  it('L1 goes on with the next running number after a restart and enters nothing twice', async () => {
    const first = await start({ capFiles: 5 });
    await until(() => first.stats().purgedFiles >= 5);
    await first.close();
    const before = (await linesOf(first.ledgerPath)).length;
    const finished = first.stats().finishedFiles;

    const second = await start({ capFiles: 5 });
    expect(await linesOf(second.ledgerPath)).toHaveLength(before);
    await until(() => second.stats().finishedFiles >= 3);
    await second.close();
    const files = await expectLedgerMatchesFolder(second);
    const numbers = files.map(({ path }) => Number(/_(\d{4,})\.geo$/u.exec(path)?.[1]));
    expect(numbers.sort((a, b) => a - b)).toEqual(
      Array.from({ length: finished + second.stats().finishedFiles }, (_, index) => index + 1),
    );
    expect(new Set(files.map(({ versions }) => versions[0]?.sha256)).size).toBe(files.length);
  });

  it('L1 B18 enters what a kill left half-written, and survives a torn line of its ledger', async () => {
    const stray = 'ARGO3_20261122_095959_0007.geo';
    mkdirSync(join(root, 'ARGO3/2026-11-22'), { recursive: true });
    writeFileSync(join(root, 'ARGO3/2026-11-22', stray), 'half', { mode: 0o000 });
    mkdirSync(join(root, 'ledger'));
    appendFileSync(join(root, 'ledger/ARGO3.jsonl'), '{"event":"finished","path":"2026-11-22/ARGO3_2026');
    const instrument = await start();
    await until(() => instrument.stats().finishedFiles >= 1);
    await instrument.close();
    const files = await expectLedgerMatchesFolder(instrument);
    expect(files[0]?.versions[0]).toMatchObject({ path: `2026-11-22/${stray}`, sizeBytes: 4, adopted: true });
    expect(files[1]?.path).toMatch(/_0008\.geo$/u);
  });

  it('L1 enters as purged what a kill kept the ledger from hearing of', async () => {
    const options = { history: { days: 1, filesPerDay: 3 }, filesPerMinute: 0 };
    const first = await start(options);
    await first.close();
    const [gone] = standingOn(first.dir);
    rmSync(join(first.dir, String(gone)));
    const files = await expectLedgerMatchesFolder(await start(options));
    expect(files.filter((file) => file.gone === 'purged').map(({ path }) => path)).toEqual([String(gone)]);
  });

  it('F15 ledger and folder tell the same with every oddity at once', async () => {
    const oddityRates = Object.fromEntries(oddities.map((oddity) => [oddity, 0.125])) as Record<
      Oddity,
      number
    >;
    const instrument = await start({ oddityRates, capFiles: 60 });
    await until(() => instrument.stats().purgedFiles >= 60);
    const wasChanged = async () => {
      const files = await foldLedger(instrument.ledgerPath);
      return [...files.values()].some(({ versions }) => versions.length === 2);
    };
    while (!(await wasChanged())) await sleep(20);
    await instrument.close();
    const files = await expectLedgerMatchesFolder(instrument);
    const lines = await linesOf(instrument.ledgerPath);
    const seen = new Set(lines.flatMap((line) => (line.event === 'finished' ? [line.oddity] : [line.event])));
    const leaving = ['purged', 'vanished', 'renamed'];
    expect([...seen].sort()).toEqual(
      [...new Set([...oddities, ...leaving])].filter((kind) => kind !== 'vanishing').sort(),
    );
    expect(new Set(files.map(({ expect }) => expect))).toEqual(new Set(['archived', 'refused', 'either']));
  });

  it('F15 B17 a file that grows is written to for minutes, and finished at once when the instrument stops', async () => {
    const clock = fastClock();
    const instrument = await start({ clock, oddityRates: { ...noOddities, growing: 1 }, filesPerMinute: 20 });
    await until(() => instrument.stats().finishedFiles >= 1);
    await instrument.close();
    const [first] = await expectLedgerMatchesFolder(instrument);
    const startedAt =
      /_(\d\d)(\d\d)(\d\d)_0001/u
        .exec(first?.path ?? '')
        ?.slice(1)
        .map(Number) ?? [];
    const [hour = 0, minute = 0, second = 0] = startedAt;
    const finishedMs = Date.parse(first?.versions[0]?.finishedAt ?? '');
    expect(finishedMs - Date.UTC(2026, 10, 22, hour, minute, second)).toBeGreaterThanOrEqual(120_000);
    expect(instrument.stats().filesBeingWritten).toBe(0);
  });

  it('L1 a file-system error costs one measurement and is reported, and the next one is taken', async () => {
    const messages: string[] = [];
    const log = (level: string, message: string) => messages.push(`${level} ${message}`);
    mkdirSync(join(root, 'ARGO3'));
    writeFileSync(join(root, 'ARGO3/2026-11-22'), 'a file where the date folder should be');
    const instrument = await start({ log });
    await until(() => instrument.stats().failedFiles >= 2);
    rmSync(join(root, 'ARGO3/2026-11-22'));
    await until(() => instrument.stats().finishedFiles >= 2);
    await instrument.close();
    expect(messages[0]).toBe('warning ARGO3: writing measurement 1 failed');
    await expectLedgerMatchesFolder(instrument);
  });
});
