import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Ingestion } from '../../functions/platform/telemetry/telemetryOfProcess.ts';

/** One record of telemetry as it stands on the wire. */
export interface Envelope {
  readonly name: string;
  readonly time: string;
  readonly iKey?: string;
  readonly sampleRate?: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType: string;
    readonly baseData: Readonly<Record<string, unknown>> & {
      readonly name?: string;
      readonly properties?: Readonly<Record<string, string>>;
      readonly measurements?: Readonly<Record<string, number>>;
      readonly metrics?: readonly { readonly name: string; readonly value: number }[];
    };
  };
}

/** An endpoint that takes telemetry as Application Insights does, on this machine. */
export interface IngestionServer {
  readonly ingestion: Ingestion;
  /** What was accepted, in its order. */
  readonly envelopes: Envelope[];
  /** Requests, accepted or not. */
  readonly requests: { readonly path: string; readonly body: string }[];
  /** How it answers from now on; `silent` never answers. */
  answer: IngestionAnswer | 'silent';
  close(): Promise<void>;
}

export interface IngestionAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly delayMs?: number;
  /** With status 200: a status for an envelope that it does not take; it then answers 206, or 400 when it takes none. */
  readonly refuses?: (envelope: Envelope) => number | undefined;
}

/** Names a resource that is nowhere: what is sent goes to the endpoint of the test. */
export const CONNECTION_STRING = 'InstrumentationKey=7d2a3b54-90f4-4f1c-8d58-0d8f2f5a9b11';

export async function startIngestion(): Promise<IngestionServer> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const sent = Buffer.concat(chunks);
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
      ingested.requests.push({ path: request.url ?? '', body });
      const { answer } = ingested;
      if (answer === 'silent') return;
      if (answer.delayMs !== undefined) await after(answer.delayMs);
      const envelopes = JSON.parse(body) as Envelope[];
      const { status, accepted, errors } = judged(answer, envelopes);
      ingested.envelopes.push(...accepted);
      const retryAfter = answer.retryAfter === undefined ? {} : { 'retry-after': answer.retryAfter };
      response.writeHead(status, { 'content-type': 'application/json', ...retryAfter });
      response.end(
        JSON.stringify({ itemsReceived: envelopes.length, itemsAccepted: accepted.length, errors }),
      );
    })().catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ingested: IngestionServer = {
    ingestion: { endpoint: `http://127.0.0.1:${String(port)}/v2.1`, allowInsecureConnection: true },
    envelopes: [],
    requests: [],
    answer: { status: 200 },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return ingested;
}

/** As Application Insights answers: 200 where it took all, 206 where it took some, 400 where it took none. */
function judged({ status, refuses = () => undefined }: IngestionAnswer, envelopes: readonly Envelope[]) {
  if (status !== 200) return { status, accepted: [], errors: [] };
  const accepted: Envelope[] = [];
  const errors: object[] = [];
  for (const [index, envelope] of envelopes.entries()) {
    const statusCode = refuses(envelope);
    if (statusCode === undefined) accepted.push(envelope);
    else errors.push({ index, statusCode, message: `refused with ${String(statusCode)}` });
  }
  const answered = errors.length === 0 ? 200 : accepted.length === 0 ? 400 : 206;
  return { status: answered, accepted, errors };
}
