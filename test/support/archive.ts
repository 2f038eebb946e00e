import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  generateFileSASQueryParameters,
  type ShareClient,
  ShareSASPermissions,
  ShareServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-file-share';
import { pathIn } from '../../shared/domain/relativePath.ts';
import {
  type AzureFilesServer,
  DEVELOPMENT_ACCOUNT,
  startAzureFilesServer,
} from '../../local/azure-files/server.ts';
import type { Credential, JobConfiguration } from '../../shared/contract/agents.ts';
import { type FakeControlPlane, startFakeControlPlane } from './controlPlane.ts';

export const SHARE = 'runner-1';

/** A file of the share, read back byte by byte. */
export interface StoredFile {
  readonly path: string;
  readonly sha256: string;
  readonly attributes: string;
  readonly lastWriteMs: number;
  readonly metadata: Record<string, string>;
}

export interface ShareRequest {
  readonly operation: string;
  readonly path: string;
  readonly status: number;
}

/** Everything that one agent works with, of which only the control plane is a double. */
export interface ArchiveUnderTest {
  readonly folder: string;
  readonly source: string;
  readonly state: string;
  readonly files: AzureFilesServer;
  /** What the file server was asked, in the order of its answers; `path` is `account/share/path`. */
  readonly requests: ShareRequest[];
  readonly share: ShareClient;
  readonly plane: FakeControlPlane;
  readonly job: JobConfiguration;
  /** Seconds that a credential issued from now on is good for. */
  sasSeconds: number;
  /** Reads the share; faults end here. */
  stored(): Promise<StoredFile[]>;
  close(): Promise<void>;
}

export async function startArchive(job: Partial<JobConfiguration> = {}): Promise<ArchiveUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'datasync-agent-'));
  const source = join(folder, 'source');
  await mkdir(source);
  const requests: ShareRequest[] = [];
  const files = await startAzureFilesServer({
    dataDir: join(folder, 'files'),
    port: 0,
    log: ({ operation, path, status }) => requests.push({ operation, path, status }),
  });
  const key = new StorageSharedKeyCredential(DEVELOPMENT_ACCOUNT.name, DEVELOPMENT_ACCOUNT.key);
  const service = new ShareServiceClient(`${files.url}/${DEVELOPMENT_ACCOUNT.name}`, key);
  const share = service.getShareClient(SHARE);
  await share.create();
  const configured: JobConfiguration = {
    jobId: 'job-1',
    name: 'archive',
    kind: 'tree',
    sourcePath: source,
    shareName: SHARE,
    sharePath: '',
    scheduleSeconds: 3600,
    include: [],
    exclude: [],
    sourceCap: null,
    enabled: true,
    pausedReason: null,
    configVersion: 1,
    ...job,
  };
  const lifetime = { seconds: 3600 };
  const plane = await startFakeControlPlane({
    issueCredential: () => issue(share.url, key, lifetime.seconds),
    jobs: [configured],
  });
  return {
    folder,
    source,
    state: join(folder, 'state'),
    files,
    requests,
    share,
    plane,
    job: configured,
    get sasSeconds() {
      return lifetime.seconds;
    },
    set sasSeconds(seconds) {
      lifetime.seconds = seconds;
    },
    stored: () => {
      files.faults.clear();
      return readShare(share, '');
    },
    close: async () => {
      await plane.close();
      await files.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function issue(shareUrl: string, key: StorageSharedKeyCredential, seconds: number): Credential {
  const expiresOn = new Date(Date.now() + seconds * 1000);
  const values = { shareName: SHARE, permissions: ShareSASPermissions.parse('rcwl'), expiresOn };
  return {
    shareName: SHARE,
    shareUrl,
    sas: generateFileSASQueryParameters(values, key).toString(),
    expiresAt: expiresOn.toISOString(),
  };
}

async function readShare(share: ShareClient, folder: string): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  const directory = folder === '' ? share.rootDirectoryClient : share.getDirectoryClient(folder);
  for await (const item of directory.listFilesAndDirectories()) {
    const path = pathIn(folder, item.name);
    if (item.kind === 'directory') stored.push(...(await readShare(share, path)));
    else stored.push(await readOne(directory.getFileClient(item.name), path));
  }
  return stored.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readOne(
  file: ReturnType<ShareClient['rootDirectoryClient']['getFileClient']>,
  path: string,
): Promise<StoredFile> {
  const properties = await file.getProperties();
  const content = (properties.contentLength ?? 0) === 0 ? Buffer.alloc(0) : await file.downloadToBuffer();
  return {
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    attributes: properties.fileAttributes ?? '',
    lastWriteMs: properties.fileLastWriteOn?.getTime() ?? 0,
    metadata: properties.metadata ?? {},
  };
}

/** SHA-256 of every file below a folder, by path. */
export async function hashesBelow(folder: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    hashes.set(
      relative(folder, path),
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
  }
  return hashes;
}
