import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface CutProxy {
  /** The database's URL, by way of the proxy. */
  readonly url: string;
  /** Breaks every connection at once, as a failover does; new ones pass. */
  cut(): void;
  /** The connections there are carry nothing any more and do not end, as behind a firewall that forgot them; new ones pass. */
  silence(): void;
  /** As silence, and new connections are taken and never answered: a black hole. */
  swallow(): void;
  /** From now on connections are refused. */
  refuse(): void;
  heal(): void;
  close(): Promise<void>;
}

/** A network between a test and its database that the test can break. */
export async function openCutProxy(databaseUrl: string): Promise<CutProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let refusing = false;
  let swallowing = false;
  const silent = new WeakSet<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    if (swallowing) silent.add(client);
    const upstream = connect(Number(target.port), target.hostname.replace(/^\[|\]$/g, ''));
    keep(upstream);
    client.on('data', (chunk) => !silent.has(client) && upstream.write(chunk));
    upstream.on('data', (chunk) => !silent.has(client) && client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  const silence = (): void => sockets.forEach((socket) => silent.add(socket));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut,
    silence,
    swallow: () => {
      swallowing = true;
      silence();
    },
    refuse: () => {
      refusing = true;
      cut();
    },
    heal: () => {
      refusing = false;
      swallowing = false;
    },
    close: async () => {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
