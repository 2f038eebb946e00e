import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Finding } from '../../functions/alerts/finding.ts';
import { type Alerting, finding, openAlerting } from '../support/alerting.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';

/** A host of its own: a process that looks at the world and sweeps the outbox, again and again, until it is killed. */
const host = `
const { openDatabase } = await import(process.env.ROOT + 'functions/platform/database/index.ts');
const { createIdSource } = await import(process.env.ROOT + 'functions/platform/ids.ts');
const { reconcileFindings } = await import(process.env.ROOT + 'functions/alerts/index.ts');
const { sweepNotifications } = await import(process.env.ROOT + 'functions/alerts/timers.ts');
const { readSettings } = await import(process.env.ROOT + 'functions/platform/settings.ts');
const settings = readSettings(process.env);
const database = await openDatabase({ url: settings.DATABASE_URL, poolMax: 4 });
const fail = (message, facts) => { throw new Error(message, { cause: facts.error }); };
const log = { debug() {}, info() {}, warn() {}, error: fail, child: () => log };
const services = { settings, database, log, now: () => new Date(), newId: createIdSource(Date.now) };
for (;;) {
  const findings = await (await fetch(process.env.WORLD)).json();
  await reconcileFindings(services, { source: 'sweep-test', findings, at: new Date() });
  await sweepNotifications(services);
  process.send('round');
}
`;

interface Delivery {
  readonly deliveryId: string;
  readonly alertId: string;
  readonly transition: string;
}

let alerting: Alerting;
let server: Server;
let world: Finding[];
let received: Delivery[];
let answer: (response: ServerResponse, delivery: Delivery) => void;
const hosts: ChildProcess[] = [];

beforeEach(async () => {
  alerting = await openAlerting();
  world = [];
  received = [];
  answer = (response) => response.writeHead(200).end();
  server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await alerting.addChannel('pager', { url: `${address()}/pager` });
});
afterEach(async () => {
  for (const child of hosts.splice(0)) await kill(child);
  server.closeAllConnections();
  server.close();
  await alerting.close();
});

const address = () => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') {
    response.end(JSON.stringify(world));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const delivery = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Delivery;
  received.push(delivery);
  answer(response, delivery);
}

function startHost(): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', host], {
    env: {
      ...bareEnvironment(),
      ROOT: new URL('../../', import.meta.url).href,
      WORLD: `${address()}/world`,
      ...(Object.fromEntries(
        Object.entries(alerting.services.settings).map(([name, value]) => [name, String(value)]),
      ) as Record<string, string>),
      DATABASE_URL: alerting.database.url,
      NODE_ENV: 'test',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  hosts.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** What waits for a later time is due now. */
async function timePasses(): Promise<void> {
  await alerting.database.db
    .updateTable('notifications')
    .set({ next_attempt_at: new Date(Date.now() - 1000) })
    .where('status', '=', 'pending')
    .execute();
}

async function leasesEnd(): Promise<void> {
  await alerting.database.db
    .updateTable('notifications')
    .set({ lease_until: new Date(Date.now() - 1000) })
    .where('status', '=', 'sending')
    .execute();
}

async function statusesOf(): Promise<string[]> {
  const rows = await alerting.database.db.selectFrom('notifications').select('status').execute();
  return rows.map(({ status }) => status);
}

/** Every alert is in this state, and every notification through. */
async function allAre(status: string): Promise<void> {
  const settled = async () => {
    await timePasses();
    const alerts = await alerting.alerts();
    const statuses = new Set([...alerts.map((row) => row.status), ...(await statusesOf())]);
    return [...statuses].toSorted().join();
  };
  await expect.poll(settled, { interval: 100 }).toBe(['delivered', status].toSorted().join());
}

it('S13 B40 two hosts on one database, the other side failing now and then: one delivery id a transition, none missed', async () => {
  const problems = Array.from({ length: 8 }, (_, index) => finding(`problem-${String(index)}`));
  answer = (response, { deliveryId }) => {
    const attempt = received.filter((one) => one.deliveryId === deliveryId).length;
    const nth = new Set(received.map((one) => one.deliveryId)).size;
    if (attempt === 1 && nth % 3 === 0) response.writeHead(500).end();
    else if (attempt <= 2 && nth % 7 === 0) response.destroy();
    else setImmediate(() => response.writeHead(200).end());
  };
  startHost();
  startHost();
  for (let wave = 0; wave < 2; wave += 1) {
    world = problems;
    await expect.poll(async () => (await alerting.alerts()).length).toBe(problems.length);
    await allAre('open');
    world = [];
    await allAre('resolved');
  }
  const ids = new Map<string, Set<string>>();
  for (const { alertId, deliveryId } of received)
    ids.set(alertId, (ids.get(alertId) ?? new Set()).add(deliveryId));
  expect([...ids.values()].map((one) => one.size)).toEqual(problems.map(() => 4));
  expect((await alerting.alerts()).map((row) => row.transition_seq)).toEqual(problems.map(() => 4));
  for (const alertId of ids.keys()) {
    const transitions = received.filter((one) => one.alertId === alertId);
    const firsts = [...new Map(transitions.map((one) => [one.deliveryId, one.transition])).values()];
    expect(firsts).toEqual(['opened', 'resolved', 'reopened', 'resolved']);
  }
  expect(received.length).toBeGreaterThan(8 * 4); // some were repeated, under the same id
});

it('S9 B40 a host killed while it sends leaves no second id behind: another sends the same one', async () => {
  const first = Promise.withResolvers<undefined>();
  answer = () => first.resolve(undefined); // and never answers
  world = [finding('a')];
  const dying = startHost();
  await first.promise;
  await kill(dying);
  expect(await statusesOf()).toEqual(['sending']);
  answer = (response) => response.writeHead(200).end();
  startHost();
  startHost();
  await expect.poll(async () => (await alerting.alerts())[0]?.seen_count).toBeGreaterThan(3);
  expect(received).toHaveLength(1); // its lease holds
  await leasesEnd();
  await expect.poll(statusesOf).toEqual(['delivered']);
  expect(received).toHaveLength(2);
  expect(new Set(received.map(({ deliveryId }) => deliveryId)).size).toBe(1);
});
