import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, instant, nothing, noParams, noQuery, relativeFolder } from './fields.ts';

/** A date folder as it is named on the source: `2026-04-13`, `20260413`, `2026/04/13` with `/` as `%2F`. */
const folderDate = z.string().min(1).max(200);

export const folderView = z.object({
  folder: z.string(),
  fileCount: z.int(),
  state: z.enum(['open', 'sealed']),
  /** When the folder last gained or lost an archived file, or was unsealed. */
  changedAt: instant.nullable(),
  /** Beginning of the newest run that found it complete. */
  provedAt: instant.nullable(),
  sealedAt: instant.nullable(),
  sealedBy: z.string().nullable(),
  /** Why it is not sealed yet; null when it is. */
  waitsFor: z.string().nullable(),
  /** Open, proved complete and quiet for long enough: an operator may seal it now. */
  maySeal: z.boolean(),
});
export type FolderView = z.infer<typeof folderView>;

export const folders = endpoint({
  name: 'job-folders',
  summary: 'The folders of a job, sealed and open, newest name first; 1,000 at most',
  method: 'GET',
  path: '/api/admin/runners/{runnerId}/jobs/{jobId}/folders',
  callers: ['viewer'],
  params: z.object({ runnerId: id, jobId: id }),
  query: noQuery,
  body: nothing,
  response: z.object({ now: instant, folders: z.array(folderView), sealed: z.int(), open: z.int() }),
  errors: ['not-found'],
});

export const seal = endpoint({
  name: 'folder-seal',
  summary: 'Seal a folder that is proved complete; idempotent',
  method: 'POST',
  path: '/api/admin/runners/{runnerId}/jobs/{jobId}/seal/{folderDate}',
  callers: ['operator'],
  params: z.object({ runnerId: id, jobId: id, folderDate }),
  query: noQuery,
  body: nothing,
  response: z.object({ folder: folderView }),
  errors: ['not-found', 'not-proved'],
});

export const unseal = endpoint({
  name: 'folder-unseal',
  summary: 'Unseal a folder: agents look at every file of it again; idempotent',
  method: 'POST',
  path: '/api/admin/runners/{runnerId}/jobs/{jobId}/unseal/{folderDate}',
  callers: ['operator'],
  params: z.object({ runnerId: id, jobId: id, folderDate }),
  query: noQuery,
  body: nothing,
  response: z.object({ folder: folderView }),
  errors: ['not-found'],
});

/** An agent saw a write into sealed folders; idempotent. */
export const agentUnseal = endpoint({
  name: 'agent-unseal',
  summary: 'An agent asks for folders to be unsealed because something was written into them',
  method: 'POST',
  path: '/api/agents/unseal',
  callers: ['agent'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({
    jobId: id,
    folders: z
      .array(z.strictObject({ folder: relativeFolder, reason: z.string().min(1).max(400) }))
      .min(1)
      .max(1000),
  }),
  response: z.object({ unsealed: z.int() }),
  errors: ['not-found', 'agent-key-unknown', 'runner-superseded'],
});
