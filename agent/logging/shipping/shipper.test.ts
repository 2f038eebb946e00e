import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, ProblemError, UnreachableError } from '../../../shared/client/index.ts';
import { type ShippedLine, shipLogs } from '../../../shared/contract/logs.ts';
import { createLog } from '../log.ts';
import type { ShipLimits } from './gather.ts';
import { createShipper } from './shipper.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-shipping-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = createLog({ level: 'error', format: 'json', write: () => undefined });
const file = (day: string) => join(folder, `agent-${day}.log`);
const lineText = (level: string, msg: string, facts: object = {}) =>
  `${JSON.stringify({ level, time: '2026-11-22T12:00:00.000Z', ...facts, msg })}\n`;
const add = (level: string, msg: string, day = '2026-11-22', facts: object = {}) =>
  appendFileSync(file(day), lineText(level, msg, facts));

/** A server that checks what it is sent against the contract, and keeps each line once. */
function server() {
  const taken = new Map<string, ShippedLine>();
  const plane = {
    arrived: [] as string[],
    dropped: 0,
    requests: 0,
    budget: Number.POSITIVE_INFINITY,
    down: false,
    /** The answer gets lost after the lines were taken. */
    answersGetLost: false,
    /** A line with this text is refused, and the request with it. */
    poison: undefined as string | undefined,
    stored: () => [...taken.values()].map(({ message }) => message).sort(),
  };
  const call = async (_endpoint: unknown, { body }: { body: unknown }) => {
    plane.requests += 1;
    if (plane.down) throw new UnreachableError('no answer');
    const { lines, dropped } = shipLogs.body.parse(body);
    expect(JSON.stringify(body)).not.toContain('\\u0000');
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(shipLogs.maxBodyBytes ?? 0);
    if (lines.some(({ message }) => message === plane.poison))
      throw new ProblemError(
        { type: 'x', title: 'x', detail: 'x', status: 400, code: 'invalid-request' },
        undefined,
        'x',
      );
    const accepted = Math.min(lines.length, plane.budget);
    plane.budget -= accepted;
    for (const line of lines.slice(0, accepted)) {
      taken.set(`${line.at} ${String(line.sequence)} ${line.message}`, line);
      plane.arrived.push(line.message);
    }
    if (plane.answersGetLost) throw new UnreachableError('the answer broke off');
    plane.dropped += dropped;
    return { accepted, waitSeconds: 0 };
  };
  return Object.assign(plane, { taken, client: { call } as unknown as Client });
}

/** Ships once, as a process that has just started. */
function shipOnce(plane: ReturnType<typeof server>, limits: Partial<ShipLimits> = {}): Promise<void> {
  const shipper = createShipper({ folder, client: plane.client, log, random: () => 0, limits });
  return shipper.last(new AbortController().signal);
}

describe('the shipper', () => {
  it('F11 sends each line once, over days and restarts, warnings first', async () => {
    const plane = server();
    add('info', 'one', '2026-11-21');
    add('warn', 'two', '2026-11-21');
    add('debug', 'three', '2026-11-22');
    add('error', 'four', '2026-11-22', { jobId: 'job-1', correlationId: 'c', path: 'x' });
    await shipOnce(plane);
    expect(plane.arrived).toEqual(['two', 'four', 'one', 'three']);
    add('info', 'five', '2026-11-21');
    add('info', 'six', '2026-11-22');
    await shipOnce(plane);
    await shipOnce(plane);
    expect(plane.arrived.slice(4)).toEqual(['five', 'six']);
    expect(plane.requests).toBe(2);
    expect([...plane.taken.values()].find(({ message }) => message === 'four')).toMatchObject({
      level: 'Error',
      jobId: 'job-1',
      correlationId: 'c',
      facts: { path: 'x' },
    });
  });

  it('F11 after a lost answer or a server away nothing is missing, and nothing is two lines', async () => {
    const plane = server();
    add('info', 'a');
    add('warn', 'b');
    plane.down = true;
    await shipOnce(plane);
    plane.down = false;
    plane.answersGetLost = true;
    await shipOnce(plane);
    plane.answersGetLost = false;
    add('info', 'c');
    await shipOnce(plane);
    expect(plane.stored()).toEqual(['a', 'b', 'c']);
    expect(plane.dropped).toBe(0);
  });

  it('F11 a line that is not whole yet is sent when it is', async () => {
    const plane = server();
    const text = lineText('info', 'Zoë');
    writeFileSync(file('2026-11-22'), Buffer.from(text).subarray(0, -5));
    await shipOnce(plane);
    expect(plane.arrived).toEqual([]);
    appendFileSync(file('2026-11-22'), Buffer.from(text).subarray(-5));
    await shipOnce(plane);
    expect(plane.arrived).toEqual(['Zoë']);
  });

  it('F11 a file that was replaced by a shorter one is sent from its beginning', async () => {
    const plane = server();
    for (let n = 0; n < 5; n += 1) add('info', `old ${String(n)}`);
    await shipOnce(plane);
    rmSync(file('2026-11-22'));
    add('warn', 'new');
    await shipOnce(plane);
    expect(plane.arrived.at(-1)).toBe('new');
  });

  it('B36 what the budget leaves over is sent later, in order, and a warning before it', async () => {
    const plane = server();
    for (let n = 0; n < 9; n += 1) add('info', `line ${String(n)}`);
    plane.budget = 4;
    await shipOnce(plane);
    expect(plane.arrived).toHaveLength(4);
    add('warn', 'urgent');
    plane.budget = 4;
    await shipOnce(plane);
    plane.budget = 4;
    await shipOnce(plane);
    expect(plane.arrived.slice(4)).toEqual(['urgent', 'line 4', 'line 5', 'line 6', 'line 7', 'line 8']);
  });

  it('B36 of a flood the warnings arrive, the rest is passed over, and every line is accounted for', async () => {
    const plane = server();
    const flood = Array.from({ length: 40_000 }, (_, n) => lineText('info', `flood ${String(n)}`));
    flood.splice(30_000, 0, lineText('error', 'the one that counts'));
    writeFileSync(file('2026-11-22'), flood.join(''));
    const limits = { behindBytes: 20_000, readBytes: 1024 * 1024, lines: 50 };
    while (!plane.arrived.includes('flood 39999')) await shipOnce(plane, limits);
    expect(plane.arrived).toContain('the one that counts');
    expect(plane.arrived.length + plane.dropped).toBe(40_001);
    expect(plane.requests).toBeLessThan(30);
    expect(new Set(plane.arrived).size).toBe(plane.arrived.length);
  });

  it('B36 one line that the server refuses is left out and counted, and holds up no other', async () => {
    const plane = server();
    plane.poison = 'poison';
    for (let n = 0; n < 100; n += 1) add('info', n === 42 ? 'poison' : `line ${String(n)}`);
    await shipOnce(plane);
    expect(plane.arrived).toHaveLength(99);
    await shipOnce(plane);
    expect(plane.dropped).toBe(1);
    expect(plane.requests).toBeLessThan(20);
  });

  it('S9 lines with NUL, half characters, odd names and sizes are made fit to be sent', async () => {
    const plane = server();
    add('warn', 'a\0b\ud800', '2026-11-22', { ['\0'.repeat(300)]: 'x\0', jobId: 'no/id', list: [1, '\0'] });
    add('warn', 'm'.repeat(9000), '2026-11-22', { big: 'y'.repeat(20_000), correlationId: 'z'.repeat(300) });
    appendFileSync(file('2026-11-22'), 'no line at all\n{"level":"warn","time":"yesterday"}\n[]\nnull\n');
    await shipOnce(plane);
    expect(plane.taken.size).toBe(2);
    const [first, second] = plane.taken.values();
    expect(first).toMatchObject({ message: 'a\ufffdb\ufffd', jobId: null });
    expect(second?.message).toHaveLength(4000);
    expect(second?.facts).toHaveProperty('cut');
  });

  it('F11 a position file that cannot be read sends lines again, which are the same lines', async () => {
    const plane = server();
    add('info', 'once');
    await shipOnce(plane);
    writeFileSync(join(folder, 'sent.json'), 'rubbish');
    await shipOnce(plane);
    expect(plane.arrived).toEqual(['once', 'once']);
    expect(plane.stored()).toEqual(['once']);
  });
});
