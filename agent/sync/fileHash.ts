import { createHash } from 'node:crypto';

/** Hashes one file while it is sent, range by range. */
export interface FileHash {
  /** Takes the file's next range, and its buffer with it: the bytes come back, with their MD5. */
  add(bytes: Buffer): Promise<HashedRange>;
  /** SHA-256 (hex) of all that was added. */
  sha256(): Promise<string>;
  /** Forgets the file, finished or not. */
  end(): void;
}

export interface HashedRange {
  readonly bytes: Buffer;
  readonly md5: Buffer;
}

/** Begins with a file. */
export type StartFileHash = () => FileHash;

/** Hashes in this thread. */
export const hashHere: StartFileHash = () => {
  const hash = createHash('sha256');
  return {
    add: async (bytes) => {
      hash.update(bytes);
      return { bytes, md5: createHash('md5').update(bytes).digest() };
    },
    sha256: async () => hash.digest('hex'),
    end: () => undefined,
  };
};
