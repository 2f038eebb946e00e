import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { answer, announcesToken, batchText, kinds, type Message, onMessages } from './packets.ts';
import { procedureText, tokenOf, transactionRequest } from './packets.ts';
import * as tokens from './tokens.ts';

/** What happens to a statement instead of an answer. */
export type Fault = number | 'cut' | 'silence';

export interface FakeSqlServer {
  readonly url: string;
  /** Whether a login is taken: 0, or the number of the error that refuses it; by the token where one was sent. */
  login: (token: string | undefined) => number;
  /** What goes wrong with a statement, if anything. Otherwise it is answered with one row, one number. */
  fault: (statement: string) => Fault | undefined;
  /** Statements and what happened to transactions, in their order; what the driver itself says is left out. */
  readonly heard: string[];
  readonly tokens: string[];
  logins: number;
  readonly open: number;
  /** Ends every connection at once, as a failover does. */
  cut(): void;
  close(): Promise<void>;
}

/** A database would have to be added: it speaks TDS 7.4, as far as a driver needs it, and fails as Azure SQL does. */
export async function startFakeSqlServer(): Promise<FakeSqlServer> {
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, server);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const cut = () => sockets.forEach((socket) => socket.resetAndDestroy());
  const server: FakeSqlServer = {
    url: `mssql://127.0.0.1:${String((listening.address() as AddressInfo).port)}/fake?encrypt=false`,
    login: () => 0,
    fault: () => undefined,
    heard: [],
    tokens: [],
    logins: 0,
    get open() {
      return sockets.size;
    },
    cut,
    close: async () => {
      cut();
      listening.close();
      await once(listening, 'close');
    },
  };
  return server;
}

const transactionRequests: Readonly<Record<number, tokens.Change>> = {
  5: 'begun',
  7: 'committed',
  8: 'rolled back',
};

function serve(socket: Socket, server: FakeSqlServer): void {
  let isSilent = false;
  const statement = (text: string): void => {
    server.heard.push(text);
    const fault = server.fault(text);
    if (fault === 'cut') socket.resetAndDestroy();
    else if (fault === 'silence') isSilent = true;
    else if (fault === undefined) answer(socket, tokens.oneNumber('answer', 1), tokens.doneProcedure(1));
    else answer(socket, tokens.errorToken(fault, `error ${fault}`), tokens.doneProcedureFailed());
  };
  const login = (token?: string): void => {
    server.logins++;
    if (token !== undefined) server.tokens.push(token);
    const refusal = server.login(token);
    if (refusal !== 0) {
      answer(socket, tokens.errorToken(refusal, `login refused by ${refusal}`), tokens.doneFailed());
      return;
    }
    const acks = token === undefined ? [tokens.loginAck()] : [tokens.loginAck(), tokens.federationAck()];
    answer(socket, ...acks, tokens.done());
  };
  const take: Readonly<Record<number, (body: Buffer) => void>> = {
    [kinds.prelogin]: () => answer(socket, tokens.preloginAnswer()),
    [kinds.login]: (body) => (announcesToken(body) ? answer(socket, tokens.federationInfo()) : login()),
    [kinds.token]: (body) => login(tokenOf(body)),
    // The driver sets its options by a batch.
    [kinds.batch]: (body) =>
      /^\s*set /i.test(batchText(body)) ? answer(socket, tokens.done()) : statement(batchText(body)),
    [kinds.procedure]: (body) => statement(procedureText(body)),
    [kinds.transaction]: (body) => {
      const change = transactionRequests[transactionRequest(body)] ?? 'rolled back';
      server.heard.push(change);
      answer(socket, tokens.transactionChange(change), tokens.done());
    },
    [kinds.attention]: () => answer(socket, tokens.doneCancelled()),
  };
  onMessages(socket, ({ kind, body }: Message) => {
    if (!isSilent) take[kind]?.(body);
  });
}
