import { hostname } from 'node:os';
import { z } from 'zod';
import { proposedJob } from '../../shared/contract/agents.ts';
import { id, shortText } from '../../shared/contract/fields.ts';
import { AgentEnd, exitCodes } from '../exitCodes.ts';

const seconds = z.number().positive().max(86_400);

/** Everything that can be configured, by file, environment or flag; docs/agent.md explains each. */
const configurationSchema = z.strictObject({
  server: z.url({ protocol: /^https?$/, error: addressFault }),
  state: z.string().min(1),
  /** A fixed logical runner: a rebuilt PC comes back as this one. */
  runnerId: id.optional(),
  hostName: shortText.default(() => hostname()),
  timeZone: shortText.default(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  /** Proposed when enrolling; the server's answer is what counts afterwards. */
  jobs: z.array(proposedJob).max(50).default([]),
  /** A file is left alone until it has not changed for this long. */
  quietSeconds: z.number().min(0).max(86_400).default(30),
  /** Files uploaded at the same time. */
  concurrency: z.int().min(1).max(64).default(12),
  /** Overrides what the server asks for. */
  heartbeatSeconds: seconds.optional(),
  enrolPollSeconds: seconds.optional(),
  /** Time for one file: this, and another second for each `slowestBytesPerSecond`. */
  fileBudgetSeconds: seconds.default(120),
  slowestBytesPerSecond: z
    .int()
    .min(1)
    .default(64 * 1024),
  /** One request to the share. */
  tryTimeoutSeconds: seconds.default(60),
  /** One request to the server. */
  requestTimeoutSeconds: seconds.default(30),
  tries: z.int().min(1).max(20).default(5),
  retryBaseMs: z.int().min(1).max(60_000).default(500),
  logFormat: z.enum(['json', 'line']).default('json'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type Configuration = z.infer<typeof configurationSchema>;

/** Validates merged settings. Throws `AgentEnd` (bad configuration) naming each wrong setting and what is wanted. */
export function parseConfiguration(merged: Readonly<Record<string, unknown>>): Configuration {
  const parsed = configurationSchema.safeParse(merged);
  if (parsed.success) return { ...parsed.data, server: parsed.data.server.replace(/\/+$/, '') };
  throw new AgentEnd(
    exitCodes.badConfiguration,
    `the configuration is not what is wanted:\n${parsed.error.issues.map(issueText).join('\n')}`,
  );
}

/** A missing one has a hint of its own. */
function addressFault({ input }: { readonly input?: unknown }): string | undefined {
  if (input === undefined) return undefined;
  return `${JSON.stringify(input)} is no address; wanted: http:// or https:// and the server’s name`;
}

function issueText(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'invalid_type' && issue.input === undefined && place in hints)
    return `  ${place} is missing; wanted: ${String(hints[place])}`;
  return `  ${place === '' ? 'settings' : place}: ${issue.message}`;
}

const hints: Readonly<Record<string, string>> = {
  server: 'the address of the server, by --server, DATASYNC_SERVER or in the file',
  state: 'a folder for the agent’s state, by --state, DATASYNC_STATE or in the file',
};
