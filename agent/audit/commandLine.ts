import { parseArgs } from 'node:util';
import { stateSetting } from '../configuration/sources.ts';
import { AgentEnd, exitCodes } from '../exitCodes.ts';

export const auditUsage = `agent audit [--state DIR] [--config FILE] [--job NAME]… [--hash] [--strict] [--json] [--grace SECONDS]

Compares the source of each job with the share, directly: nothing that the agent or the server remembers is used but
where to look and the credential. The agent may be running meanwhile. Writes nothing.

  --state DIR      the agent's state folder (default: DATASYNC_STATE, or the one in the configuration file)
  --config FILE    the agent's configuration file (default: DATASYNC_CONFIG)
  --job NAME       only this job, by name or id; may be repeated
  --hash           reads every byte of the source and compares SHA-256 with what was recorded on the share
  --strict         files on the share that the source does not have count as differences
  --json           one JSON document instead of lines
  --grace SECONDS  a file that changed within this time is not judged (default 30)

Exit code 0: the share holds everything; 1: something is missing or different; 2: the audit itself failed.`;

export interface AuditCommandLine {
  readonly stateFolder: string;
  /** Names or ids; empty: all. */
  readonly jobs: readonly string[];
  readonly hashes: boolean;
  readonly strict: boolean;
  readonly json: boolean;
  readonly graceMs: number;
}

/** Every flag of the audit; the script for instrument PCs passes these and no others. */
export const auditFlags = {
  state: { type: 'string' },
  config: { type: 'string' },
  job: { type: 'string', multiple: true },
  hash: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  grace: { type: 'string', default: '30' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line; undefined: help is wanted. Throws `AgentEnd` for what it does not know. */
export function readAuditCommandLine(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): AuditCommandLine | undefined {
  const values = parse(argv);
  if (values.help) return undefined;
  const graceSeconds = Number(values.grace);
  if (!(graceSeconds >= 0 && graceSeconds <= 86_400))
    throw badCall(`--grace is ${JSON.stringify(values.grace)}; wanted: seconds, 0 to 86400`);
  const stateFolder = stateSetting({ state: values.state, config: values.config }, env);
  if (stateFolder === undefined)
    throw badCall('which agent is meant is not known; wanted: --state DIR, DATASYNC_STATE or --config FILE');
  const { hash: hashes, strict, json, job: jobs = [] } = values;
  return { stateFolder, jobs, hashes, strict, json, graceMs: graceSeconds * 1000 };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: auditFlags, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw badCall(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function badCall(message: string, cause?: unknown): AgentEnd {
  return new AgentEnd(exitCodes.badConfiguration, `agent audit: ${message}\n\n${auditUsage}`, { cause });
}
