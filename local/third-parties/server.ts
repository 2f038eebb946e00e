import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl, CONTROL } from './control.ts';
import { createFaults, type FaultKind, type Faults } from './faults.ts';
import { type Parties, type PartyName, openParty } from './parties.ts';
import { sendAnswer, sendBroken } from './sending.ts';
import type { PartyAnswer, PartyRequest, ThirdParty } from './thirdParty.ts';
import { createThrottle, type Throttle } from './throttle.ts';

const DEFAULT_SIZE = 250;
/** The demo runs for days. */
const MAX_SEEN = 10_000;

export interface ThirdPartiesOptions {
  /** 0, or left out: a free one. */
  readonly port?: number;
  /** How much each party holds; 250 unless said otherwise. */
  readonly sizes?: Partial<Record<PartyName, number>>;
  /** False: as many requests as come. */
  readonly throttles?: boolean;
  /** By which rate limits are kept. */
  readonly nowMs?: () => number;
}

/** What was asked of a party, in the order in which it came. */
export interface SeenRequest {
  readonly party: string;
  readonly method: string;
  /** Path and query below the party's address. */
  readonly target: string;
  readonly headers: PartyRequest['headers'];
  readonly status: number | FaultKind['kind'];
}

export interface ThirdParties {
  readonly port: number;
  /** `http://127.0.0.1:4011/people`. */
  url(party: PartyName): string;
  readonly parties: Parties;
  readonly faults: Faults;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** A local HTTP server that answers like the APIs and registers that connectors speak to. */
export async function startThirdParties(options: ThirdPartiesOptions = {}): Promise<ThirdParties> {
  const parties = openParties(options);
  const faults = createFaults();
  const seen: SeenRequest[] = [];
  const throttles = new Map<string, Throttle>(
    Object.entries(parties).map(([name, party]) => [
      name,
      createThrottle(options.throttles === false ? undefined : party.limit, options.nowMs ?? Date.now),
    ]),
  );
  const server = createServer((incoming, response) => {
    serve({ parties, faults, seen, throttles }, incoming, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0);
  return {
    port,
    parties,
    faults,
    seen,
    url: (party) => `http://127.0.0.1:${String(port)}/${party}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function openParties({ sizes = {} }: ThirdPartiesOptions): Parties {
  const names = Object.keys(openParty) as PartyName[];
  return Object.fromEntries(
    names.map((name) => [name, openParty[name]({ size: sizes[name] ?? DEFAULT_SIZE })]),
  ) as unknown as Parties;
}

interface Served {
  readonly parties: Readonly<Record<string, ThirdParty>>;
  readonly faults: Faults;
  readonly seen: SeenRequest[];
  readonly throttles: ReadonlyMap<string, Throttle>;
}

async function serve(
  { parties, faults, seen, throttles }: Served,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { party: name, request } = await readRequest(incoming);
  if (name === CONTROL) {
    sendAnswer(response, answerControl(request, { faults, seen }));
    return;
  }
  const party = parties[name];
  if (party === undefined) {
    sendAnswer(response, { status: 404, body: `no third party is called ${name}` });
    return;
  }
  const target = `${request.path}?${request.query.toString()}`;
  const fault = faults.strike(name, target);
  const waitSeconds = throttles.get(name)?.();
  const answer = answerOf(party, request, fault, waitSeconds);
  const status = fault === undefined || fault.kind === 'status' ? answer.status : fault.kind;
  seen.push({ party: name, method: request.method, target, headers: request.headers, status });
  if (seen.length > MAX_SEEN) seen.shift();
  if (fault === undefined || fault.kind === 'status' || fault.kind === 'emptied')
    sendAnswer(response, answer);
  else sendBroken(response, fault.kind, answer);
}

function answerOf(
  party: ThirdParty,
  request: PartyRequest,
  fault: FaultKind | undefined,
  waitSeconds: number | undefined,
): PartyAnswer {
  if (fault?.kind === 'status') return struck(party, fault);
  if (waitSeconds !== undefined) {
    const answer = party.error({ status: 429, detail: 'Rate limit exceeded' });
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(waitSeconds) } };
  }
  if (!isAuthorized(party, request))
    return party.error({ status: 401, detail: 'The credentials are not valid' });
  if (fault?.kind !== 'emptied') return party.answer(request);
  return party.answer({ ...request, rows: () => [] });
}

function struck(
  party: ThirdParty,
  { status, retryAfter, pointer }: FaultKind & { readonly kind: 'status' },
): PartyAnswer {
  const answer = party.error({ status, detail: 'A fault was asked for', pointer });
  const asks = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return { ...answer, headers: { ...answer.headers, ...asks } };
}

function isAuthorized({ key }: ThirdParty, { headers }: PartyRequest): boolean {
  if (key === undefined) return true;
  const [scheme, token = ''] = String(headers['authorization'] ?? '').split(' ', 2);
  if (scheme === 'Bearer') return token === key;
  return scheme === 'Basic' && Buffer.from(token, 'base64').toString('utf8').split(':').includes(key);
}

async function readRequest(incoming: IncomingMessage): Promise<{ party: string; request: PartyRequest }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET', headers } = incoming;
  const url = new URL(incoming.url ?? '/', `http://${headers.host ?? '127.0.0.1'}`);
  const [, party = '', ...rest] = url.pathname.split('/');
  const request: PartyRequest = {
    method,
    path: `/${rest.join('/')}`,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
    baseUrl: `${url.origin}/${party}`,
    rows: (collection) => collection,
  };
  return { party, request };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
