import { hostname } from 'node:os';
import { z } from 'zod';
import { proposedJob } from '../contract/agents.ts';
import { id, shortText } from '../contract/fields.ts';
import { machineTimeZone } from './machineTimeZone.ts';
import type { Setting } from './setting.ts';

/** Of an agent: from its file, the environment or a flag. */
export interface AgentSetting extends Setting {
  readonly environment?: string;
  readonly flag?: string;
  /** Environment and flags are text: this one is made a number. */
  readonly isNumber?: true;
}

const seconds = z.number().positive().max(86_400);

/** Everything that can be configured, by the names it has in the configuration file. */
export const agentSettings = {
  server: {
    type: z.url({ protocol: /^https?$/, error: addressFault }),
    environment: 'DATASYNC_SERVER',
    flag: 'server',
    does: 'Address of the server.',
  },
  state: {
    type: z.string().min(1),
    environment: 'DATASYNC_STATE',
    flag: 'state',
    does: 'Folder for the agent’s state, one for each agent.',
  },
  runnerId: {
    type: id.optional(),
    environment: 'DATASYNC_RUNNER_ID',
    flag: 'runner-id',
    does: 'A fixed logical runner: a rebuilt PC comes back as this one.',
  },
  hostName: {
    type: shortText.default(() => hostname()),
    environment: 'DATASYNC_NAME',
    flag: 'name',
    otherwise: 'the machine’s name',
    does: 'How the agent is shown.',
  },
  timeZone: {
    type: shortText.default(() => machineTimeZone()),
    environment: 'DATASYNC_TIME_ZONE',
    otherwise: 'the machine’s',
    does: 'The instrument’s IANA time zone.',
  },
  jobs: {
    type: z.array(proposedJob).max(50).default([]),
    otherwise: 'none',
    does: 'Proposed when enrolling (`name`, `kind`, `sourcePath`, `sharePath`, `scheduleSeconds`, `include`, `exclude`, `sourceCap`); the server’s answer is what counts afterwards.',
  },
  quietSeconds: {
    type: z.number().min(0).max(86_400).default(30),
    environment: 'DATASYNC_QUIET_SECONDS',
    flag: 'quiet-seconds',
    isNumber: true,
    unit: 'seconds',
    does: 'A file is left alone until it has not changed for this long, unless it is about to be deleted.',
  },
  concurrency: {
    type: z.int().min(1).max(64).default(12),
    environment: 'DATASYNC_CONCURRENCY',
    flag: 'concurrency',
    isNumber: true,
    unit: 'files',
    does: 'Files uploaded at the same time.',
  },
  heartbeatSeconds: {
    type: seconds.optional(),
    environment: 'DATASYNC_HEARTBEAT_SECONDS',
    flag: 'heartbeat-seconds',
    isNumber: true,
    unit: 'seconds',
    otherwise: 'what the server asks for',
    does: 'How often it sends a heartbeat.',
  },
  enrolPollSeconds: {
    type: seconds.optional(),
    environment: 'DATASYNC_ENROL_POLL_SECONDS',
    isNumber: true,
    unit: 'seconds',
    otherwise: 'what the server asks for',
    does: 'How often it asks while waiting for approval.',
  },
  fileBudgetSeconds: {
    type: seconds.default(120),
    environment: 'DATASYNC_FILE_BUDGET_SECONDS',
    isNumber: true,
    unit: 'seconds',
    does: 'Time for one file: this, and another second for each `slowestBytesPerSecond` of it.',
  },
  slowestBytesPerSecond: {
    type: z
      .int()
      .min(1)
      .default(64 * 1024),
    unit: 'bytes a second',
    does: 'How slow an upload may be before it runs out of time.',
  },
  tryTimeoutSeconds: { type: seconds.default(60), unit: 'seconds', does: 'One request to the share.' },
  requestTimeoutSeconds: { type: seconds.default(30), unit: 'seconds', does: 'One request to the server.' },
  lateWriteSeconds: {
    type: z.number().min(0).max(600).default(120),
    environment: 'DATASYNC_LATE_WRITE_SECONDS',
    isNumber: true,
    unit: 'seconds',
    does: 'How late the share may still carry out a request that nobody waits for any more: uploads that were cut short are followed by others only then.',
  },
  tries: { type: z.int().min(1).max(20).default(5), does: 'Attempts of one request to the share.' },
  retryBaseMs: {
    type: z.int().min(1).max(60_000).default(500),
    unit: 'milliseconds',
    does: 'The first pause between them (doubling, with jitter, 30 s at most).',
  },
  logFormat: {
    type: z.enum(['json', 'line']).default('json'),
    environment: 'DATASYNC_LOG_FORMAT',
    flag: 'log-format',
    does: 'Of the standard output.',
  },
  logLevel: {
    type: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    environment: 'DATASYNC_LOG_LEVEL',
    flag: 'log-level',
    does: 'Lines below this level are not written.',
  },
} as const satisfies Readonly<Record<string, AgentSetting>>;

/** Names the file that holds settings, and is none of them itself. */
export const agentFile = {
  type: z.string().optional(),
  environment: 'DATASYNC_CONFIG',
  flag: 'config',
  does: 'JSON file of the settings in the first column.',
} as const satisfies AgentSetting;

/** A missing one has a hint of its own. */
function addressFault({ input }: { readonly input?: unknown }): string | undefined {
  if (input === undefined) return undefined;
  return `${JSON.stringify(input)} is no address; wanted: http:// or https:// and the server’s name`;
}
