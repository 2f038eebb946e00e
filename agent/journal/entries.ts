import { z } from 'zod';
import { fileResult } from '../../shared/contract/agents.ts';

/** A file's result with what the local index keeps beside it. */
export const journaledResult = z.object({
  seq: z.int(),
  jobId: z.string(),
  result: fileResult,
  ctimeMs: z.number().nullable(),
  fileId: z.number().nullable(),
});
export type JournaledResult = z.infer<typeof journaledResult>;

/** One line of the journal: something that must survive this process. */
export const journalEntry = z.discriminatedUnion('kind', [
  /** A run was minted; written before the server hears of it, so that a crash resumes the same run. */
  z.object({ kind: z.literal('run'), jobId: z.string(), correlationId: z.string() }),
  z.object({ kind: z.literal('run-closed'), jobId: z.string() }),
  /** What became of a file: from here on the result reaches the index, however often either side dies. */
  z.object({ kind: z.literal('result'), ...journaledResult.shape }),
  /** The server took these and the local index holds them. */
  z.object({ kind: z.literal('acknowledged'), seqs: z.array(z.int()) }),
  /** Results that the live run has reported and the server took, as it counts them: they count in its closing. */
  z.object({ kind: z.literal('reported'), jobId: z.string(), keys: z.array(z.string()) }),
  /** A large upload began under this id, which the half-written file carries too. */
  z.object({
    kind: z.literal('upload'),
    uploadId: z.string(),
    jobId: z.string(),
    target: z.string(),
    sizeBytes: z.int(),
    mtimeMs: z.int(),
    /** Earlier versions did not note it: what they began is begun anew. */
    createdMs: z.number().default(0),
  }),
  /** The share has acknowledged a range with this MD5 (base64). */
  z.object({ kind: z.literal('range'), uploadId: z.string(), offset: z.int(), md5: z.string() }),
  z.object({ kind: z.literal('upload-closed'), uploadId: z.string() }),
  /** Something was written into a sealed folder: the server is asked to unseal it, until it has answered. */
  z.object({ kind: z.literal('unseal'), jobId: z.string(), folder: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('unsealed'), jobId: z.string(), folders: z.array(z.string()) }),
]);
export type JournalEntry = z.infer<typeof journalEntry>;
