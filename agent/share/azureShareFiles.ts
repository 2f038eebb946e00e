import {
  AnonymousCredential,
  type FileCreateOptions,
  FileSystemAttributes,
  newPipeline,
  type Pipeline,
  ShareDirectoryClient,
  ShareFileClient,
} from '@azure/storage-file-share';
import { foldPath } from '../../shared/domain/paths.ts';
import { folderOf } from '../../shared/domain/relativePath.ts';
import { type ArchivedFacts, fromShareMetadata, toShareMetadata } from '../../shared/domain/shareMetadata.ts';
import { isWhole } from '../../shared/domain/wholeMark.ts';
import { type ShareFault, shareFaultOf } from './shareFault.ts';
import type { FileOnShare, ShareFiles, ShareStamp } from './shareFiles.ts';

/** Metadata of a half-written file: which upload began it. */
const UPLOAD_KEY = 'upload';
const PAGE_SIZE = 5000;

export interface ShareAddress {
  readonly shareUrl: string;
  readonly sas: string;
}

/** Azure Files through its SDK. `address` is asked before each request, so that a renewed SAS is used at once. */
export function azureShareFiles(options: {
  readonly address: () => ShareAddress;
  readonly tryTimeoutMs: number;
}): ShareFiles {
  // Repeating is withRetry's business: the SDK would hide Retry-After and outlast every deadline.
  const pipeline: Pipeline = newPipeline(new AnonymousCredential(), {
    retryOptions: { maxTries: 1 },
    keepAliveOptions: { enable: true },
  });
  const urlOf = (path: string) => {
    const { shareUrl, sas } = options.address();
    const encoded = path === '' ? '' : `/${path.split('/').map(encodeURIComponent).join('/')}`;
    return `${shareUrl.replace(/\/+$/, '')}${encoded}?${sas.replace(/^\?/, '')}`;
  };
  const fileAt = (path: string) => new ShareFileClient(urlOf(path), pipeline);
  const folderAt = (path: string) => new ShareDirectoryClient(urlOf(path), pipeline);
  const attempt = <T>(action: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>) =>
    oneAttempt(action, signal, options.tryTimeoutMs, work);
  const createsWithContent = learnedOnce();

  const createEmpty = (path: string, facts: ArchivedFacts, signal: AbortSignal) =>
    attempt(`creating ${path} on the share`, signal, async (abortSignal) =>
      stampOf(
        await fileAt(path).create(0, {
          abortSignal,
          metadata: toShareMetadata(facts),
          lastWriteTime: new Date(facts.mtimeMs),
          fileAttributes: attributes('ReadOnly'),
        }),
      ),
    );

  const files: ShareFiles = {
    look: (path, signal) =>
      orUndefined(
        attempt(`looking at ${path} on the share`, signal, async (abortSignal) =>
          fileOnShare(await fileAt(path).getProperties({ abortSignal })),
        ),
      ),
    namesIn: (folder, signal) =>
      orUndefined(
        attempt(`listing ${folder} on the share`, signal, async (abortSignal) => {
          const names = new Set<string>();
          const pages = folderAt(folder)
            .listFilesAndDirectories({ abortSignal })
            .byPage({ maxPageSize: PAGE_SIZE });
          for await (const { segment } of pages)
            for (const item of [...segment.fileItems, ...segment.directoryItems])
              names.add(foldPath(item.name));
          return names;
        }),
      ),
    ensureFolder: async (folder, signal) => {
      if (folder === '') return;
      const create = () =>
        attempt(`creating the folder ${folder} on the share`, signal, async (abortSignal) => {
          await folderAt(folder).create({ abortSignal });
        });
      try {
        await create();
      } catch (error) {
        const fault = error as ShareFault;
        if (fault.code === 'ResourceAlreadyExists') return;
        if (fault.code !== 'ParentNotFound') throw error;
        await files.ensureFolder(folderOf(folder), signal);
        await create().catch((again: unknown) => {
          if ((again as ShareFault).code !== 'ResourceAlreadyExists') throw again;
        });
      }
    },
    createWhole: (path, content, md5, facts, signal) => {
      if (content.length === 0) return createEmpty(path, facts, signal);
      return createsWithContent.use(async (proven) => {
        const answer: CreateAnswer = await attempt(`creating ${path} on the share`, signal, (abortSignal) =>
          fileAt(path).create(content.length, withContent(content, md5, facts, { proven, abortSignal })),
        );
        if (!isSameMd5(answer.contentMD5, md5)) {
          // It was taken for whole at once, and has no content: nobody may believe it.
          if (proven) await files.unmark(path, signal);
          return undefined;
        }
        return proven ? stampOf(answer) : files.markWhole(path, facts, signal);
      });
    },
    createHalf: (path, sizeBytes, uploadId, signal) =>
      attempt(`creating ${path} on the share`, signal, async (abortSignal) => {
        const answer = await fileAt(path).create(sizeBytes, {
          abortSignal,
          fileAttributes: attributes('Temporary'),
          metadata: { [UPLOAD_KEY]: uploadId },
        });
        return createdMsOf(answer);
      }),
    putRange: (path, range, signal) =>
      attempt(`writing ${path} at ${String(range.offset)} on the share`, signal, async (abortSignal) => {
        const { bytes, offset, md5 } = range;
        await fileAt(path).uploadRange(bytes, offset, bytes.length, { abortSignal, contentMD5: md5 });
      }),
    writtenRanges: (path, signal) =>
      attempt(
        `asking for the ranges of ${path} on the share`,
        signal,
        async (abortSignal) => (await fileAt(path).getRangeList({ abortSignal })).rangeList,
      ),
    markWhole: async (path, facts, signal) => {
      await attempt(`recording hash and time of ${path} on the share`, signal, async (abortSignal) => {
        await fileAt(path).setMetadata(toShareMetadata(facts), { abortSignal });
      });
      return attempt(`marking ${path} whole on the share`, signal, async (abortSignal) =>
        stampOf(
          await fileAt(path).setProperties({
            abortSignal,
            lastWriteTime: new Date(facts.mtimeMs),
            fileAttributes: attributes('ReadOnly'),
          }),
        ),
      );
    },
    unmark: (path, signal) =>
      attempt(`taking the whole mark from ${path} on the share`, signal, async (abortSignal) => {
        await fileAt(path).setProperties({ abortSignal, fileAttributes: attributes('Temporary') });
      }),
    readRange: (path, { offset, sizeBytes }, signal) =>
      attempt(`reading ${path} at ${String(offset)} from the share`, signal, async (abortSignal) => {
        const answer = await fileAt(path).download(offset, sizeBytes, { abortSignal });
        const bytes = await bytesOf(answer.readableStreamBody);
        if (bytes.length !== sizeBytes)
          throw new Error(`${String(bytes.length)} bytes came instead of ${String(sizeBytes)}`);
        return { bytes, etag: stampOf(answer).etag };
      }),
  };
  return files;
}

async function bytesOf(content: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface CreateAnswer {
  readonly etag?: string;
  readonly lastModified?: Date;
  /** Only there when the service has taken content. */
  readonly contentMD5?: Uint8Array;
}

/** The SDK's types do not name a body here, but its request carries one. */
type CreateWithContent = FileCreateOptions & { body: Buffer; contentLength: number; contentMD5: Buffer };

function withContent(
  content: Buffer,
  md5: Buffer,
  facts: ArchivedFacts,
  options: { proven: boolean; abortSignal: AbortSignal },
): CreateWithContent {
  return {
    abortSignal: options.abortSignal,
    body: content,
    contentLength: content.length,
    contentMD5: md5,
    metadata: toShareMetadata(facts),
    lastWriteTime: new Date(facts.mtimeMs),
    // Until the service has shown that it takes content, a file it only made room for must not look whole.
    fileAttributes: attributes(options.proven ? 'ReadOnly' : 'Temporary'),
  };
}

/** Whether the service takes content with the create is learned from its first answer, never assumed. */
function learnedOnce() {
  let state: 'unknown' | 'proven' | 'refused' = 'unknown';
  return {
    use: async (
      create: (proven: boolean) => Promise<ShareStamp | undefined>,
    ): Promise<ShareStamp | undefined> => {
      if (state === 'refused') return undefined;
      try {
        const stamp = await create(state === 'proven');
        state = stamp === undefined ? 'refused' : 'proven';
        return stamp;
      } catch (error) {
        if (state !== 'unknown' || (error as ShareFault).kind !== 'permanent') throw error;
        state = 'refused';
        return undefined;
      }
    },
  };
}

function attributes(text: 'ReadOnly' | 'Temporary'): FileSystemAttributes {
  const made = new FileSystemAttributes();
  if (text === 'ReadOnly') made.readonly = true;
  else made.temporary = true;
  return made;
}

/** One request, or one listing, within its time; the SDK's errors become faults. */
async function oneAttempt<T>(
  action: string,
  signal: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  try {
    return await work(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  } catch (error) {
    signal.throwIfAborted();
    throw shareFaultOf(error, action);
  }
}

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as ShareFault).kind === 'not_found' && (error as ShareFault).code !== 'ShareNotFound')
      return undefined;
    throw error;
  }
}

interface PropertiesAnswer {
  readonly contentLength?: number;
  readonly fileAttributes?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly etag?: string;
  readonly lastModified?: Date;
  readonly fileCreatedOn?: Date;
}

function fileOnShare(answer: PropertiesAnswer): FileOnShare {
  const text = answer.fileAttributes ?? '';
  const metadata = answer.metadata ?? {};
  return {
    sizeBytes: answer.contentLength ?? 0,
    whole: isWhole(text),
    temporary: /\btemporary\b/i.test(text),
    facts: fromShareMetadata(metadata),
    uploadId: metadata[UPLOAD_KEY],
    stamp: stampOf(answer),
    createdMs: createdMsOf(answer),
  };
}

function createdMsOf({ fileCreatedOn }: { readonly fileCreatedOn?: Date }): number {
  return fileCreatedOn?.getTime() ?? 0;
}

function stampOf(answer: { readonly etag?: string; readonly lastModified?: Date }): ShareStamp {
  if (answer.etag === undefined || answer.lastModified === undefined)
    throw new TypeError('the share answered without ETag or Last-Modified');
  return { etag: answer.etag, modifiedAt: answer.lastModified };
}

function isSameMd5(answered: Uint8Array | undefined, sent: Buffer): boolean {
  return answered !== undefined && sent.equals(answered);
}
