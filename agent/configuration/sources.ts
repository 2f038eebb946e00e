import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AgentEnd, exitCodes } from '../exitCodes.ts';
import { type Configuration, parseConfiguration } from './configuration.ts';

export interface CommandLine {
  readonly configuration: Configuration;
  /** One cycle of each job, then the process ends. */
  readonly once: boolean;
}

/** Whether the command line only asks what there is. */
export function asksForHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

type Settings = Record<string, unknown>;

/** Reads flags, environment and file; flags win over environment, environment over file. Throws `AgentEnd`. */
export function readConfiguration(input: {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}): CommandLine {
  const flags = parseFlags(input.argv);
  const file = flags.config ?? input.env['DATASYNC_CONFIG'];
  const fromFile = file === undefined ? {} : readSettingsFile(file);
  const merged = { ...fromFile, ...fromEnvironment(input.env), ...fromFlags(flags, fromFile['jobs']) };
  return { configuration: parseConfiguration(merged), once: flags.once ?? false };
}

/** The agent's state folder alone, for what needs nothing else; undefined when nothing names it. */
export function stateSetting(
  flags: { readonly state: string | undefined; readonly config: string | undefined },
  env: NodeJS.ProcessEnv,
): string | undefined {
  const named = flags.state ?? (env['DATASYNC_STATE'] === '' ? undefined : env['DATASYNC_STATE']);
  if (named !== undefined) return named;
  const file = flags.config ?? env['DATASYNC_CONFIG'];
  const fromFile = file === undefined ? undefined : readSettingsFile(file)['state'];
  return typeof fromFile === 'string' ? fromFile : undefined;
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flagOptions, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new AgentEnd(exitCodes.badConfiguration, `reading the command line: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Every flag of the agent but `--help`. */
export const flagOptions = {
  server: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
  name: { type: 'string' },
  'runner-id': { type: 'string' },
  source: { type: 'string' },
  job: { type: 'string' },
  kind: { type: 'string' },
  cap: { type: 'string' },
  'schedule-seconds': { type: 'string' },
  'quiet-seconds': { type: 'string' },
  concurrency: { type: 'string' },
  'heartbeat-seconds': { type: 'string' },
  'log-format': { type: 'string' },
  'log-level': { type: 'string' },
  once: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof parseFlags>;

function readSettingsFile(file: string): Settings {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new AgentEnd(
      exitCodes.badConfiguration,
      `reading the configuration file ${file}: ${messageOf(cause)}; wanted: a JSON object`,
      { cause },
    );
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Settings;
  throw new AgentEnd(
    exitCodes.badConfiguration,
    `reading the configuration file ${file}: wanted: a JSON object`,
  );
}

/** Environment variables and the settings they give. */
const environmentNames: Readonly<Record<string, { setting: string; numeric?: true }>> = {
  DATASYNC_SERVER: { setting: 'server' },
  DATASYNC_STATE: { setting: 'state' },
  DATASYNC_RUNNER_ID: { setting: 'runnerId' },
  DATASYNC_NAME: { setting: 'hostName' },
  DATASYNC_TIME_ZONE: { setting: 'timeZone' },
  DATASYNC_QUIET_SECONDS: { setting: 'quietSeconds', numeric: true },
  DATASYNC_CONCURRENCY: { setting: 'concurrency', numeric: true },
  DATASYNC_HEARTBEAT_SECONDS: { setting: 'heartbeatSeconds', numeric: true },
  DATASYNC_ENROL_POLL_SECONDS: { setting: 'enrolPollSeconds', numeric: true },
  DATASYNC_FILE_BUDGET_SECONDS: { setting: 'fileBudgetSeconds', numeric: true },
  DATASYNC_LOG_FORMAT: { setting: 'logFormat' },
  DATASYNC_LOG_LEVEL: { setting: 'logLevel' },
};

function fromEnvironment(env: NodeJS.ProcessEnv): Settings {
  const settings: Settings = {};
  for (const [name, { setting, numeric }] of Object.entries(environmentNames)) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    settings[setting] = numeric === true ? Number(value) : value;
  }
  return settings;
}

function fromFlags(flags: Flags, jobsOfFile: unknown): Settings {
  const settings: Settings = {};
  const put = (setting: string, value: string | undefined, numeric = false) => {
    if (value !== undefined) settings[setting] = numeric ? Number(value) : value;
  };
  put('server', flags.server);
  put('state', flags.state);
  put('hostName', flags.name);
  put('runnerId', flags['runner-id']);
  put('quietSeconds', flags['quiet-seconds'], true);
  put('concurrency', flags.concurrency, true);
  put('heartbeatSeconds', flags['heartbeat-seconds'], true);
  put('logFormat', flags['log-format']);
  put('logLevel', flags['log-level']);
  const job = jobOfFlags(flags);
  if (job !== undefined)
    settings['jobs'] = [...(Array.isArray(jobsOfFile) ? (jobsOfFile as unknown[]) : []), job];
  return settings;
}

function jobOfFlags(flags: Flags): Settings | undefined {
  if (flags.source === undefined) {
    if (flags.job === undefined && flags.kind === undefined && flags.cap === undefined) return undefined;
    throw new AgentEnd(
      exitCodes.badConfiguration,
      '--job, --kind and --cap describe a source; wanted: --source DIR too',
    );
  }
  return {
    name: flags.job ?? 'archive',
    kind: flags.kind ?? 'tree',
    sourcePath: resolve(flags.source),
    ...(flags.cap === undefined ? {} : { sourceCap: Number(flags.cap) }),
    ...(flags['schedule-seconds'] === undefined
      ? {}
      : { scheduleSeconds: Number(flags['schedule-seconds']) }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
