import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SeverableProxy {
  readonly port: number;
  /** Cuts every connection and refuses new ones. */
  sever(): void;
  /** Connections that were refused. */
  refused(): number;
  /** Lets connections through again. */
  mend(): void;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 in front of a server, to take that server away from one client and give it back. */
export async function startSeverableProxy(target: { host: string; port: number }): Promise<SeverableProxy> {
  const sockets = new Set<Socket>();
  let isSevered = false;
  let refused = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    if (isSevered) {
      refused += 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target);
    keep(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sever: () => {
      isSevered = true;
      cutAll();
    },
    refused: () => refused,
    mend: () => {
      isSevered = false;
    },
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
