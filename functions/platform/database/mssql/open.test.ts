import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { classifyDatabaseError, openDatabase } from '../index.ts';
import type { Database } from '../index.ts';

/** No T-SQL server: only what one does that cannot be reached. */
let server: Server;
let onConnection: (socket: Socket) => void;
let connections: number;

beforeEach(async () => {
  connections = 0;
  server = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

async function open(acquireTimeoutMs: number): Promise<Database> {
  const { port } = server.address() as AddressInfo;
  const database = await openDatabase({
    url: `mssql://sa:secret@127.0.0.1:${port}/x?encrypt=false`,
    acquireTimeoutMs,
  });
  onTestFinished(() => database.close());
  return database;
}

const failureOf = async (database: Database): Promise<unknown> =>
  database.ping().then(
    () => undefined,
    (error: unknown) => error,
  );

describe('B9 a SQL Server that cannot be reached', () => {
  it('B9 is asked anew each time: a failed connect is not remembered', async () => {
    onConnection = (socket) => socket.resetAndDestroy();
    const database = await open(2_000);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const error = await failureOf(database);
      expect(classifyDatabaseError(error)).toEqual({ kind: 'connection', transient: true });
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('secret');
      expect(connections).toBeGreaterThanOrEqual(attempt);
    }
    expect(database.poolState()).toEqual({ max: 20, open: 0, idle: 0, waiting: 0 });
  });

  it('B23 ends a connect that nobody answers', async () => {
    const silent: Socket[] = [];
    onConnection = (socket) => silent.push(socket);
    const database = await open(300);
    expect(classifyDatabaseError(await failureOf(database)).kind).toBe('connection');
    for (const socket of silent) socket.destroy();
  });

  it('B9 callers at the same time share one attempt, and the next has its own', async () => {
    onConnection = (socket) => socket.resetAndDestroy();
    const database = await open(2_000);
    const errors = await Promise.all([1, 2, 3, 4].map(() => failureOf(database)));
    expect(errors.every((error) => error instanceof Error)).toBe(true);
    expect(connections).toBe(1);
    await failureOf(database);
    expect(connections).toBe(2);
  });

  it('A6 is closed while it connects', async () => {
    const silent: Socket[] = [];
    onConnection = (socket) => silent.push(socket);
    const database = await open(300);
    const failure = failureOf(database);
    await database.close();
    expect(await failure).toBeInstanceOf(Error);
    await expect(database.ping()).rejects.toThrow();
    for (const socket of silent) socket.destroy();
  });
});
