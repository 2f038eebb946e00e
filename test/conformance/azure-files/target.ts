import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  FileSystemAttributes,
  RestError,
  ShareServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-file-share';
import type { ShareClient } from '@azure/storage-file-share';
import { afterAll, beforeAll, expect } from 'vitest';
import { DEVELOPMENT_ACCOUNT, startAzureFilesServer } from '../../../local/azure-files/server.ts';

/** A storage account under test: the project's own server, or Azure. */
export interface Target {
  readonly service: ShareServiceClient;
  readonly credential: StorageSharedKeyCredential;
  /** A new share with a name nobody else uses; removed when the tests of the file are done. */
  share(): Promise<ShareClient>;
  /** A share name nobody else uses; whoever creates it need not remove it. */
  shareName(): string;
}

/**
 * The target of a test file. Azure is taken when TEST_AZURE_FILES_CONNECTION_STRING is set; every test body runs
 * unchanged against either.
 */
export function useTarget(): Target {
  let service: ShareServiceClient;
  let credential: StorageSharedKeyCredential;
  let stop: () => Promise<void>;
  const names: string[] = [];
  const shareName = () => {
    const name = `conf-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
    names.push(name);
    return name;
  };
  beforeAll(async () => {
    ({ service, credential, stop } = await open());
  });
  afterAll(async () => {
    for (const name of names)
      await service.getShareClient(name).deleteIfExists({ deleteSnapshots: 'include' });
    await stop();
  });
  return {
    get service() {
      return service;
    },
    get credential() {
      return credential;
    },
    shareName,
    share: async () => {
      const share = service.getShareClient(shareName());
      await share.create();
      return share;
    },
  };
}

interface Opened {
  readonly service: ShareServiceClient;
  readonly credential: StorageSharedKeyCredential;
  readonly stop: () => Promise<void>;
}

async function open(): Promise<Opened> {
  const azure = process.env['TEST_AZURE_FILES_CONNECTION_STRING'];
  if (azure !== undefined && azure !== '') {
    return {
      service: ShareServiceClient.fromConnectionString(azure),
      credential: credentialOf(azure),
      stop: () => Promise.resolve(),
    };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'azure-files-conformance-'));
  const failures: unknown[] = [];
  const server = await startAzureFilesServer({
    dataDir,
    port: 0,
    log: ({ error }) => {
      if (error !== undefined) failures.push(error);
    },
  });
  const { name, key } = DEVELOPMENT_ACCOUNT;
  const credential = new StorageSharedKeyCredential(name, key);
  return {
    service: new ShareServiceClient(`${server.url}/${name}`, credential),
    credential,
    stop: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
      expect(failures, 'errors inside the server').toEqual([]);
    },
  };
}

/** The account and key of a connection string: tests sign shared access signatures with them. */
function credentialOf(connectionString: string): StorageSharedKeyCredential {
  const field = (name: string) => new RegExp(`(?:^|;)${name}=([^;]+)`).exec(connectionString)?.[1];
  const [name, key] = [field('AccountName'), field('AccountKey')];
  if (name === undefined || key === undefined) {
    throw new Error('reading TEST_AZURE_FILES_CONNECTION_STRING: wanted AccountName and AccountKey');
  }
  return new StorageSharedKeyCredential(name, key);
}

/** Expects a call to be refused with one of these codes. */
export async function refused(
  call: Promise<unknown>,
  status: number,
  ...codes: readonly string[]
): Promise<void> {
  const error: unknown = await call.then(
    () => 'the call succeeded',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RestError);
  if (!(error instanceof RestError)) return;
  expect({ status: error.statusCode, code: codeOf(error) }).toEqual({
    status,
    code: expect.toSatisfy((code: string) => codes.includes(code), `one of ${codes.join(', ')}`),
  });
}

/** The error code of an answer: HEAD and downloads carry it in a header only, which the SDK puts elsewhere. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined;
  const details = error.details as { errorCode?: string } | undefined;
  return error.code ?? details?.errorCode;
}

/** Attributes as the SDK takes them. */
export function attributes(text: string): FileSystemAttributes {
  return FileSystemAttributes.parse(text);
}

/** MD5, to compare large contents by. */
export function md5(content: Uint8Array): Buffer {
  return createHash('md5').update(content).digest();
}

/** The content of a download. */
export async function contentOf(answer: { readableStreamBody?: NodeJS.ReadableStream }): Promise<Buffer> {
  if (answer.readableStreamBody === undefined) throw new Error('reading a download: it has no stream');
  return buffer(answer.readableStreamBody);
}

/** Everything an async iterator yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Bytes that differ from place to place. */
export function pattern(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1)
    bytes[index] = (index * 31 + seed * 17 + (index >> 8)) & 0xff;
  return bytes;
}
