import { isFinal } from '../../shared/domain/outcomes.ts';
import type { JournaledResult, JournalEntry } from './entries.ts';

export interface UploadRecord {
  readonly uploadId: string;
  readonly jobId: string;
  readonly target: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** When the share created the half-written file, in ms of its clock. */
  readonly createdMs: number;
  /** MD5 (base64) by offset of each range that the share acknowledged. */
  readonly ranges: Map<number, string>;
}

/** A sealed folder that something was written into; the server is asked until it has answered. */
export interface UnsealDemand {
  readonly jobId: string;
  readonly folder: string;
  readonly reason: string;
}

/** What the journal's lines add up to. */
export interface JournalContents {
  /** The live run of each job: its correlation id and the results that the server took. */
  readonly runs: Map<string, { correlationId: string; reported: Set<string> }>;
  /** Results that the server has not acknowledged, in the order they happened. */
  readonly results: Map<number, JournaledResult>;
  /** Of these, the one of each file that is tried again: its next result takes the place. */
  readonly retried: Map<string, number>;
  readonly uploads: Map<string, UploadRecord>;
  readonly unseals: Map<string, UnsealDemand>;
  nextSeq: number;
}

export function emptyContents(): JournalContents {
  return {
    runs: new Map(),
    results: new Map(),
    retried: new Map(),
    uploads: new Map(),
    unseals: new Map(),
    nextSeq: 1,
  };
}

/** Adds one entry; applying a journal's lines in order gives its contents. */
export function applyEntry(contents: JournalContents, entry: JournalEntry): void {
  switch (entry.kind) {
    case 'run':
      contents.runs.set(entry.jobId, { correlationId: entry.correlationId, reported: new Set() });
      return;
    case 'run-closed':
      contents.runs.delete(entry.jobId);
      return;
    case 'result': {
      const { kind: _, ...result } = entry;
      addResult(contents, result);
      contents.nextSeq = Math.max(contents.nextSeq, entry.seq + 1);
      return;
    }
    case 'acknowledged':
      for (const seq of entry.seqs) dropResult(contents, seq);
      return;
    case 'reported':
      for (const key of entry.keys) contents.runs.get(entry.jobId)?.reported.add(key);
      return;
    case 'upload': {
      const { kind: _, ...upload } = entry;
      contents.uploads.set(entry.uploadId, { ...upload, ranges: new Map() });
      return;
    }
    case 'range':
      contents.uploads.get(entry.uploadId)?.ranges.set(entry.offset, entry.md5);
      return;
    case 'upload-closed':
      contents.uploads.delete(entry.uploadId);
      return;
    case 'unseal': {
      const { kind: _, ...demand } = entry;
      contents.unseals.set(demandKey(entry.jobId, entry.folder), demand);
      return;
    }
    case 'unsealed':
      for (const folder of entry.folders) contents.unseals.delete(demandKey(entry.jobId, folder));
      return;
  }
}

/** One result a cycle of each file that is held would outgrow memory in a long outage, to be told of one attempt after another. */
function addResult(contents: JournalContents, journaled: JournaledResult): void {
  const key = fileKey(journaled);
  const earlier = contents.retried.get(key);
  if (earlier !== undefined) dropResult(contents, earlier);
  contents.results.set(journaled.seq, journaled);
  if (!isFinal(journaled.result.outcome)) contents.retried.set(key, journaled.seq);
}

function dropResult(contents: JournalContents, seq: number): void {
  const journaled = contents.results.get(seq);
  if (journaled === undefined) return;
  contents.results.delete(seq);
  const key = fileKey(journaled);
  if (contents.retried.get(key) === seq) contents.retried.delete(key);
}

function fileKey({ jobId, result }: JournaledResult): string {
  return `${jobId} ${result.path}`;
}

function demandKey(jobId: string, folder: string): string {
  return `${jobId} ${folder}`;
}

/** The shortest journal with the same contents. */
export function* entriesOf(contents: JournalContents): Generator<JournalEntry> {
  for (const [jobId, run] of contents.runs) {
    yield { kind: 'run', jobId, correlationId: run.correlationId };
    if (run.reported.size > 0) yield { kind: 'reported', jobId, keys: [...run.reported] };
  }
  for (const result of contents.results.values()) yield { kind: 'result', ...result };
  for (const { ranges, ...upload } of contents.uploads.values()) {
    yield { kind: 'upload', ...upload };
    for (const [offset, md5] of ranges) yield { kind: 'range', uploadId: upload.uploadId, offset, md5 };
  }
  for (const demand of contents.unseals.values()) yield { kind: 'unseal', ...demand };
}
