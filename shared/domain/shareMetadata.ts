/** Metadata that every archived file carries on the share; Azure gives keys back in lower case. */
export const metadataKeys = {
  /** SHA-256 of the content, 64 lower-case hex digits. */
  sha256: 'sha256',
  /** Bytes, decimal. */
  size: 'size',
  /** The source's time, whole milliseconds since 1970, decimal. */
  mtimeMs: 'mtimems',
} as const;

/** What an archived file says of itself. */
export interface ArchivedFacts {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

export function toShareMetadata(facts: ArchivedFacts): Record<string, string> {
  return {
    [metadataKeys.sha256]: facts.sha256,
    [metadataKeys.size]: String(facts.sizeBytes),
    [metadataKeys.mtimeMs]: String(facts.mtimeMs),
  };
}

/** Reads the metadata back; undefined when a fact is missing or malformed, as on a half-written file. */
export function fromShareMetadata(metadata: Readonly<Record<string, string>>): ArchivedFacts | undefined {
  const sha256 = metadata[metadataKeys.sha256];
  const sizeBytes = wholeNumber(metadata[metadataKeys.size]);
  const mtimeMs = wholeNumber(metadata[metadataKeys.mtimeMs]);
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (sizeBytes === undefined || mtimeMs === undefined) return undefined;
  return { sha256, sizeBytes, mtimeMs };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
}
