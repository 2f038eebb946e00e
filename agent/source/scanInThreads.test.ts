import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fullScan, type ScanSource, SourceMissingError, walkSource } from './scan.ts';
import { scanInThreads } from './scanInThreads.ts';

const program = new URL('../main.ts', import.meta.url);
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'datasync-scan-'));
  for (let day = 0; day < 40; day += 1)
    for (const folder of [`day-${String(day)}`, `day-${String(day)}/a/b`]) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, 'one.geo'), folder);
    }
  writeFileSync(join(root, 'top.geo'), '');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const request = () => ({ ...fullScan(root), times: { all: true, sinceMs: 0 } });

async function stepsOf(scan: ScanSource) {
  const steps = [];
  for await (const step of scan(request())) steps.push(step);
  return steps.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

it('P1 two threads find what one walk finds, every folder once', async () => {
  const walked = [...walkSource(request())].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  expect(walked).toHaveLength(121);
  expect(await stepsOf(scanInThreads(program))).toEqual(walked);
});

it('F16 a thread that ends before its work fails the scan, and no folder counts as gone', async () => {
  const ends = new URL('data:text/javascript,process.exit(0)');
  await expect(stepsOf(scanInThreads(ends))).rejects.toThrow(/ended before its work/);
  const throws = new URL('data:text/javascript,throw new Error("out of memory")');
  await expect(stepsOf(scanInThreads(throws))).rejects.toThrow('out of memory');
});

it('F16 a thread that fails and ends while nobody looks fails the scan, and not the agent', async () => {
  const throws = new URL('data:text/javascript,throw new Error("out of memory")');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const first = scanInThreads(throws)(request())[Symbol.asyncIterator]().next();
    // Held up, this thread hears of the failure and of the end at once.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
    await expect(first).rejects.toThrow('out of memory');
  }
});

it('F16 a missing source is told from an empty one', async () => {
  const scan = scanInThreads(program)({ ...request(), root: join(root, 'not there') });
  await expect(scan[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(SourceMissingError);
});
