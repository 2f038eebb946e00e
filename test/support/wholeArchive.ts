import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ShareClient, ShareServiceClient } from '@azure/storage-file-share';
import { pathIn } from '../../shared/domain/relativePath.ts';
import { runAgent } from '../../agent/agent.ts';
import { parseConfiguration } from '../../agent/configuration/configuration.ts';
import { createLog } from '../../agent/logging/log.ts';
import type { OpenSourceFile } from '../../agent/source/sourceFile.ts';
import { archiveHandlers } from '../../functions/archive/index.ts';
import type { EndpointHandler } from '../../functions/platform/http/handler.ts';
import { keepSecret } from '../../functions/platform/keyVaultSecret.ts';
import { openAzureShares } from '../../functions/platform/storage/azureShares.ts';
import { type AzureFilesServer, startAzureFilesServer } from '../../local/azure-files/server.ts';
import { createClient } from '../../shared/client/index.ts';
import { approveAgent, pendingAgents } from '../../shared/contract/pendingAgents.ts';
import { until } from './agent.ts';
import { type CutProxy, openCutProxy } from './cut-proxy.ts';
import { type HostedApp, startHostedApp } from './hosted-app.ts';
import { type SeverableProxy, startSeverableProxy } from './severable-proxy.ts';

const ACCOUNT = 'archive';

/** An agent's whole surroundings, all of them real, each with a place where it can be broken. */
export interface WholeArchive {
  readonly source: string;
  readonly state: string;
  /** What the agent calls: breaks between it and the server by `server`. */
  readonly url: string;
  readonly server: SeverableProxy;
  readonly database: CutProxy;
  readonly app: HostedApp;
  /** Takes the storage account away and gives it back, at the same address. */
  readonly storage: { down(): Promise<void>; up(): Promise<void> };
  /** The file server as it is now. */
  readonly files: AzureFilesServer;
  share(): Promise<ShareClient>;
  /** Gives the account other keys: on the storage at once, in the server when `toldServer` is called. */
  rotateKey(): { toldServer(): void };
  /** The account's two keys, by name, and one of them made anew. */
  readonly keys: {
    list(): Promise<Readonly<Record<'key1' | 'key2', string>>>;
    renew(name: 'key1' | 'key2'): Promise<void>;
  };
  /** Where the server reads its key, as it does from a key vault in Azure. */
  readonly vault: {
    read(): Promise<{ readonly connectionString: string; readonly since: Date }>;
    write(connectionString: string): Promise<void>;
  };
  close(): Promise<void>;
}

export async function startWholeArchive(
  options: { readonly handlers?: readonly EndpointHandler[] } = {},
): Promise<WholeArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'datasync-whole-'));
  const [source, state] = [join(folder, 'source'), join(folder, 'state')];
  await mkdir(source);
  let keys = { key1: newKey(), key2: newKey() };
  const startFiles = (port: number) =>
    startAzureFilesServer({
      dataDir: join(folder, 'files'),
      port,
      accounts: [{ name: ACCOUNT, key: keys.key1, secondaryKey: keys.key2 }],
      clock: () => Date.now(),
    });
  let files = await startFiles(0);
  const { port } = files;
  const connection = (key: string) =>
    `DefaultEndpointsProtocol=http;FileEndpoint=http://127.0.0.1:${String(port)}/${ACCOUNT};AccountName=${ACCOUNT};AccountKey=${key}`;
  let vault = { connectionString: connection(keys.key1), since: new Date(0) };
  const changeKeys = (changed: Partial<typeof keys>): void => {
    keys = { ...keys, ...changed };
    files.rotateKey(ACCOUNT, keys.key1, keys.key2);
  };
  const writeVault = (connectionString: string): void => {
    vault = { connectionString, since: new Date() };
  };
  let database: CutProxy | undefined;
  const app = await startHostedApp({
    handlers: [...archiveHandlers, ...(options.handlers ?? [])],
    settings: { FILES_CONNECTION_STRING: vault.connectionString },
    databaseUrl: async (url) => {
      database = await openCutProxy(url);
      return database.url;
    },
    services: (made) => {
      const { settings, newId } = made;
      const { SAS_HOURS: sasHours, FILES_PUBLIC_ENDPOINT: publicEndpoint } = settings;
      const kept = keepSecret({
        fetchSecret: () => Promise.resolve({ text: vault.connectionString, since: vault.since }),
        now: () => Date.now(), // a test may shift it
        tellFailure: () => undefined,
      });
      return { ...made, shares: openAzureShares({ connection: kept, publicEndpoint, sasHours, newId }) };
    },
  });
  if (database === undefined) throw new Error('the app was started without asking for its database');
  const { port: appPort } = new URL(app.url);
  const server = await startSeverableProxy({ host: '127.0.0.1', port: Number(appPort) });
  return {
    source,
    state,
    url: `http://127.0.0.1:${String(server.port)}`,
    server,
    database,
    app,
    storage: {
      down: () => files.close(),
      up: async () => {
        files = await startFiles(port);
      },
    },
    get files() {
      return files;
    },
    share: async () => {
      const { share_name: name } = await app.database.db
        .selectFrom('runners')
        .select('share_name')
        .executeTakeFirstOrThrow();
      return ShareServiceClient.fromConnectionString(connection(keys.key1)).getShareClient(name);
    },
    rotateKey: () => {
      changeKeys({ key1: newKey(), key2: newKey() });
      return { toldServer: () => writeVault(connection(keys.key1)) };
    },
    keys: {
      list: () => Promise.resolve(keys),
      renew: async (name) => changeKeys({ [name]: newKey() }),
    },
    vault: { read: () => Promise.resolve(vault), write: async (text) => writeVault(text) },
    close: async () => {
      await server.close();
      await app.close();
      await database?.close();
      await files.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function newKey(): string {
  return randomBytes(64).toString('base64');
}

export interface WorkingAgent {
  readonly lines: string[];
  /** Resolves when a line with this text has been logged from now on. */
  says(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an agent that syncs every few moments; an operator lets it in. */
export async function startWorkingAgent(
  archive: WholeArchive,
  options: { settings?: Readonly<Record<string, unknown>>; openSource?: OpenSourceFile } = {},
): Promise<WorkingAgent> {
  const configuration = parseConfiguration({
    server: archive.url,
    state: archive.state,
    quietSeconds: 0,
    enrolPollSeconds: 0.05,
    heartbeatSeconds: 0.3,
    retryBaseMs: 5,
    lateWriteSeconds: 5,
    jobs: [{ name: 'argo', kind: 'tree', sourcePath: archive.source, scheduleSeconds: 5 }],
    ...options.settings,
  });
  const lines: string[] = [];
  const log = createLog({ level: 'debug', format: 'line', write: (line) => lines.push(line) });
  const stop = new AbortController();
  const { openSource } = options;
  const ended = runAgent({
    configuration,
    log,
    once: false,
    signal: stop.signal,
    ...(openSource === undefined ? {} : { openSource }),
  });
  const failed = ended.then(() => {
    throw new Error(`the agent ended:\n${lines.join('')}`);
  });
  failed.catch(() => undefined);
  await Promise.race([approveFirst(archive), failed]);
  return {
    lines,
    says: (text) => {
      const from = lines.length;
      return Promise.race([until(() => lines.slice(from).some((line) => line.includes(text))), failed]);
    },
    stop: async () => {
      stop.abort(new Error('the test is over'));
      await ended;
    },
  };
}

/** Lets in the first agent that asks; one that comes back is known already. */
export async function approveFirst({ app }: WholeArchive): Promise<void> {
  const operator = createClient({
    baseUrl: app.url,
    headers: () => ({ authorization: `Bearer ${app.admin.token}` }),
  });
  await until(async () => {
    const known = await app.database.db.selectFrom('runners').select('id').execute();
    if (known.length > 0) return true;
    const [waiting] = (await operator.call(pendingAgents, {})).agents;
    if (waiting === undefined) return false;
    await operator.call(approveAgent, { params: { enrolmentId: waiting.enrolmentId }, body: {} });
    return true;
  });
}

/** One file as either side has it. */
export interface ArchivedFact {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly etag: string;
  readonly modifiedAt: string;
}

/** The whole files of the share, read byte by byte; half-written ones are left out. */
export async function onTheShare(archive: WholeArchive): Promise<ArchivedFact[]> {
  archive.files.faults.clear();
  return factsBelow(await archive.share(), '');
}

async function factsBelow(share: ShareClient, folder: string): Promise<ArchivedFact[]> {
  const directory = folder === '' ? share.rootDirectoryClient : share.getDirectoryClient(folder);
  const facts: ArchivedFact[] = [];
  for await (const { kind, name } of directory.listFilesAndDirectories()) {
    const path = pathIn(folder, name);
    if (kind === 'directory') {
      facts.push(...(await factsBelow(share, path)));
      continue;
    }
    const file = directory.getFileClient(name);
    const { contentLength = 0, fileAttributes, ...properties } = await file.getProperties();
    if (fileAttributes?.includes('ReadOnly') !== true) continue;
    const content = contentLength === 0 ? Buffer.alloc(0) : await file.downloadToBuffer();
    facts.push({
      path,
      sizeBytes: contentLength,
      mtimeMs: properties.fileLastWriteOn?.getTime() ?? Number.NaN,
      sha256: createHash('sha256').update(content).digest('hex'),
      etag: properties.etag ?? '',
      modifiedAt: properties.lastModified?.toISOString() ?? '',
    });
  }
  return inOrder(facts);
}

/** How many files the share has, half-written ones too. */
export async function countOnTheShare(archive: WholeArchive): Promise<number> {
  return countBelow(await archive.share(), '');
}

async function countBelow(share: ShareClient, folder: string): Promise<number> {
  const directory = folder === '' ? share.rootDirectoryClient : share.getDirectoryClient(folder);
  let count = 0;
  for await (const { kind, name } of directory.listFilesAndDirectories())
    count += kind === 'file' ? 1 : await countBelow(share, pathIn(folder, name));
  return count;
}

/** What the state index says. */
export async function inTheIndex(archive: WholeArchive): Promise<ArchivedFact[]> {
  const rows = await archive.app.database.db.selectFrom('synced_files').selectAll().execute();
  return inOrder(
    rows.map((row) => ({
      path: row.path,
      sizeBytes: row.size_bytes,
      mtimeMs: row.source_mtime_ms,
      sha256: row.checksum ?? '',
      etag: row.etag,
      modifiedAt: row.share_modified_at.toISOString(),
    })),
  );
}

function inOrder(facts: ArchivedFact[]): ArchivedFact[] {
  return facts.sort((a, b) => (a.path < b.path ? -1 : 1));
}
