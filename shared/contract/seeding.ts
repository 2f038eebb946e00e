import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, noParams, noQuery, shareFolder, shortText, sourceCap } from './fields.ts';

/** A job as the seed file declares it, whole: what is left out has the value given here. */
export const seededJob = z.strictObject({
  name: shortText,
  kind: z.enum(['geometry', 'tree']),
  sourcePath: z.string().min(1).max(1000),
  sharePath: shareFolder.default(''),
  scheduleSeconds: z.int().min(5).max(604_800).default(300),
  include: z.array(shortText).max(50).default([]),
  exclude: z.array(shortText).max(50).default([]),
  sourceCap: sourceCap.nullable().default(null),
  enabled: z.boolean().default(true),
});
export type SeededJob = z.infer<typeof seededJob>;

/** Azure's rule for the name of a share. */
const shareName = z
  .string()
  .regex(
    /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'wanted: 3 to 63 lower-case letters, digits and single dashes',
  );

/** A runner as the seed file declares it; what is left out stays as it is, or takes the usual value. */
export const seededRunner = z.strictObject({
  /** The `RunnerId` in the configuration of its agent. */
  runnerId: id.max(60),
  name: shortText.optional(),
  /** Null: in no group. A group that is not there is made. */
  group: shortText.nullable().optional(),
  /** Where its files are, if not on the share that its id gives. */
  shareName: shareName.optional(),
  jobs: z.array(seededJob).max(100).default([]),
});
export type SeededRunner = z.infer<typeof seededRunner>;

/** The seed file: groups, runners and jobs under source control, which is what a rebuild starts from. */
export const seedFile = z.strictObject({ runners: z.array(seededRunner).max(1000) });

export const seedChange = z.object({
  kind: z.enum(['group', 'runner', 'job']),
  /** A group's name, a runner's or a job's id. */
  subject: z.string(),
  change: z.enum(['created', 'updated']),
  /** What was set on a thing that was there. */
  fields: z.array(z.string()),
});
export type SeedChange = z.infer<typeof seedChange>;

/**
 * Makes what the file names, or sets it to what the file says; what it does not name stays as it is. Each runner with
 * its jobs is one transaction: a runner that cannot be had so is left as it was and told, and does not stop the
 * others. Repeating it changes nothing.
 */
export const seedFleet = endpoint({
  name: 'seed',
  summary: 'Make or set groups, runners and jobs from one file',
  method: 'PUT',
  path: '/api/admin/seed',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  body: seedFile.extend({
    /** Say what would change, change nothing. */
    dryRun: z.boolean().default(false),
  }),
  response: z.object({
    changes: z.array(seedChange),
    /** Runners that the file names and that were as it says already, their jobs included. */
    unchanged: z.int(),
    refused: z.array(z.object({ runnerId: id, detail: z.string() })),
  }),
  maxBodyBytes: 4 * 1024 * 1024,
});

/**
 * Lets in, at once, agents that wait and ask for a seeded runner that never had an agent: nobody loses a place by it.
 * Only the requests that are named, so that it is decided on what a person has seen.
 */
export const approveExpected = endpoint({
  name: 'pending-agents-approve-expected',
  summary: 'Approve several agents that seeded runners wait for',
  method: 'POST',
  path: '/api/admin/pending-agents/approve-expected',
  callers: ['operator'],
  params: noParams,
  query: noQuery,
  body: z.strictObject({ enrolmentIds: z.array(id).min(1).max(200) }),
  response: z.object({
    approved: z.array(z.object({ enrolmentId: id, runnerId: id })),
    /** Left waiting, and why. */
    left: z.array(z.object({ enrolmentId: id, reason: z.string() })),
  }),
});
