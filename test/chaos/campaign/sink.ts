import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One message as the outside got it. */
export interface Received {
  readonly deliveryId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export interface Sink {
  readonly url: string;
  readonly received: readonly Received[];
  /**
   * So many answers from now on are refused, as a receiver in trouble does: what is sent then has to come again. Takes the
   * place of what was asked for before.
   */
  refuse(times: number): void;
  close(): Promise<void>;
}

/** The outside that is told of alerts: takes what comes, and now and then refuses it after having read it. */
export async function openSink(): Promise<Sink> {
  const received: Received[] = [];
  let refusals = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (refusals > 0) {
        refusals -= 1;
        response.writeHead(500).end();
        return;
      }
      const deliveryId = String(request.headers['x-datasync-delivery'] ?? '');
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
      received.push({ deliveryId, body, at: new Date() });
      response.writeHead(202).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
    received,
    refuse: (times) => {
      refusals = times;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
