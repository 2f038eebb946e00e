import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Accounts } from './auth/accounts.ts';
import type { Account } from './auth/accounts.ts';
import { answerFaultRequest, FAULTS_PATH } from './faults/faultEndpoint.ts';
import { Faults } from './faults/faultRules.ts';
import type { FaultRule } from './faults/faultRules.ts';
import { handleRequest } from './handler.ts';
import type { AccessLine } from './handler.ts';
import { lockDataDir } from './store/dataDirLock.ts';
import { createStamps } from './store/stamps.ts';
import type { Clock } from './store/stamps.ts';
import { Store } from './store/store.ts';

/** The account and key that every Azurite has: public, for tests only. */
export const DEVELOPMENT_ACCOUNT: Account = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

const DEFAULT_PORT = 10003;
const DEFAULT_SOFT_DELETE_DAYS = 7;
/** A path of 2,048 characters may take nine bytes each in a URL, and comes again in some headers. */
const MAX_HEADER_BYTES = 96 * 1024;
const KEEP_ALIVE_MS = 65_000;
const CLOSE_GRACE_MS = 5_000;

export interface AzureFilesServerOptions {
  /** The folder everything is kept in; made when it is not there, held by one server at a time. */
  readonly dataDir: string;
  /** 0 takes a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly accounts?: readonly Account[];
  /** Milliseconds since 1970; decides about signatures, leases and retention. */
  readonly clock?: Clock;
  /** A fault script from the start on; `faults` of the running server changes it. */
  readonly faults?: readonly FaultRule[];
  /** Serve `/.faults`, by which another process changes the script. */
  readonly faultEndpoint?: boolean;
  /** Wait for the disk on every write: survives a power cut, not only a killed process, at a price. */
  readonly synced?: boolean;
  /** How long a deleted share can be restored; 0: not at all. */
  readonly softDeleteDays?: number;
  /** How many directory entries are kept in memory. */
  readonly maxEntries?: number;
  readonly log?: (line: AccessLine) => void;
}

export interface AzureFilesServer {
  /** `http://127.0.0.1:10003`, without an account. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  /** Exchanges an account's keys; what was signed with the old ones is refused from now on. */
  rotateKey(account: string, key: string, secondaryKey?: string): void;
  /** Ends running requests, then closes every connection and gives the data folder back. */
  close(): Promise<void>;
}

/**
 * Starts a server that speaks the Azure Files REST protocol over a local folder.
 * @throws Error when the data folder is served already or the port is taken
 */
export async function startAzureFilesServer(options: AzureFilesServerOptions): Promise<AzureFilesServer> {
  const accounts = new Accounts(options.accounts ?? [DEVELOPMENT_ACCOUNT]);
  const faults = new Faults(options.faults);
  const unlock = lockDataDir(options.dataDir);
  try {
    const http = createHttpServer(options, accounts, faults);
    const host = options.host ?? '127.0.0.1';
    const port = await listen(http, host, options.port ?? DEFAULT_PORT);
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      port,
      faults,
      rotateKey: (account, key, secondaryKey) => accounts.setKeys(account, key, secondaryKey),
      close: async () => {
        await close(http);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function createHttpServer(options: AzureFilesServerOptions, accounts: Accounts, faults: Faults): Server {
  const stamps = createStamps(options.clock ?? Date.now);
  const store = new Store({
    dataDir: options.dataDir,
    stamps,
    synced: options.synced ?? false,
    softDeleteDays: options.softDeleteDays ?? DEFAULT_SOFT_DELETE_DAYS,
    ...(options.maxEntries === undefined ? {} : { maxEntries: options.maxEntries }),
  });
  const log = options.log ?? (() => undefined);
  const parts = { accounts, store, stamps, faults, log };
  const http = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    (incoming, response) => {
      const isFaultRequest = options.faultEndpoint === true && incoming.url?.startsWith(FAULTS_PATH) === true;
      const answered = isFaultRequest
        ? answerFaultRequest(incoming, response, faults)
        : handleRequest(parts, incoming, response);
      answered.catch((error: unknown) => {
        response.destroy();
        log({ method: '', path: '', operation: 'Unknown', status: 0, code: undefined, durationMs: 0, error });
      });
    },
  );
  return http;
}

async function listen(http: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  http.once('error', reject);
  http.listen(port, host, () => resolve(undefined));
  await promise;
  http.off('error', reject);
  return (http.address() as AddressInfo).port;
}

async function close(http: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  http.close(() => resolve(undefined));
  http.closeIdleConnections();
  const grace = setTimeout(() => http.closeAllConnections(), CLOSE_GRACE_MS);
  await promise;
  clearTimeout(grace);
}
