import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface CutProxy {
  /** The database's URL, by way of the proxy. */
  readonly url: string;
  /** Breaks every connection at once, as a failover does; new ones pass. */
  cut(): void;
  /** From now on nothing passes and nothing ends, as behind a firewall that forgot; `heal()` lets new connections pass. */
  silence(): void;
  /** From now on connections are refused. */
  refuse(): void;
  heal(): void;
  close(): Promise<void>;
}

/** A network between a test and its database that the test can break. */
export async function openCutProxy(databaseUrl: string): Promise<CutProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let mode: 'open' | 'silent' | 'refusing' = 'open';
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (mode === 'refusing') client.resetAndDestroy();
    if (mode !== 'open') return;
    const upstream = connect(Number(target.port), target.hostname.replace(/^\[|\]$/g, ''));
    keep(upstream);
    client.on('data', (chunk) => mode !== 'silent' && upstream.write(chunk));
    upstream.on('data', (chunk) => mode !== 'silent' && client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut,
    silence: () => void (mode = 'silent'),
    refuse: () => {
      mode = 'refusing';
      cut();
    },
    heal: () => {
      mode = 'open';
      cut();
    },
    close: async () => {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
