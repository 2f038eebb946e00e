import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RestError, ShareServiceClient, StorageSharedKeyCredential } from '@azure/storage-file-share';
import type { StoragePipelineOptions } from '@azure/storage-file-share';
import { DEVELOPMENT_ACCOUNT, startAzureFilesServer } from './server.ts';
import type { AzureFilesServer, AzureFilesServerOptions } from './server.ts';

/** A server on a temporary folder, for tests; disposing of it closes the server and removes the folder. */
export interface TestServer extends AsyncDisposable {
  readonly server: AzureFilesServer;
  readonly dataDir: string;
  readonly service: ShareServiceClient;
  /** Stops the server and starts another on the same folder. */
  restart(options?: Partial<AzureFilesServerOptions>): Promise<TestServer>;
}

/** Starts a server on a free port with the real SDK in front of it; the SDK tries once unless told otherwise. */
export async function startTestServer(
  options: Partial<AzureFilesServerOptions> = {},
  pipeline: StoragePipelineOptions = { retryOptions: { maxTries: 1 } },
): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'azure-files-test-')));
  const server = await startAzureFilesServer({ ...options, port: 0, dataDir });
  return {
    server,
    dataDir,
    service: connect(server, pipeline),
    restart: async (changed = {}) => {
      await server.close();
      return startTestServer({ ...options, ...changed, dataDir }, pipeline);
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function connect(server: AzureFilesServer, pipeline: StoragePipelineOptions): ShareServiceClient {
  const { name, key } = DEVELOPMENT_ACCOUNT;
  return new ShareServiceClient(`${server.url}/${name}`, new StorageSharedKeyCredential(name, key), pipeline);
}

/** Status and error code of a call that fails; HEAD and downloads carry the code where the SDK hides it. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ status: number | undefined; code: string }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const details = error.details as { errorCode?: string } | undefined;
    return { status: error.statusCode, code: error.code ?? details?.errorCode ?? 'unknown' };
  }
  return { status: undefined, code: 'no error' };
}
