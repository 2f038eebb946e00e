import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { agentFile, type AgentSetting, agentSettings } from '../../shared/settings/agent.ts';
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
  const file = flags.config ?? input.env[agentFile.environment];
  const fromFile = file === undefined ? {} : readSettingsFile(file);
  const merged = { ...fromFile, ...fromEnvironment(input.env), ...fromFlags(flags, fromFile['jobs']) };
  return { configuration: parseConfiguration(merged), once: flags.once ?? false };
}

/** The agent's state folder alone, for what needs nothing else; undefined when nothing names it. */
export function stateSetting(
  flags: { readonly state: string | undefined; readonly config: string | undefined },
  env: NodeJS.ProcessEnv,
): string | undefined {
  const named = flags.state ?? textOf(env, agentSettings.state.environment);
  if (named !== undefined) return named;
  const file = flags.config ?? env[agentFile.environment];
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

type Declared = (typeof agentSettings)[keyof typeof agentSettings];
type SettingFlag = Extract<Declared, { readonly flag: string }>['flag'];

const all: readonly [string, AgentSetting][] = Object.entries(agentSettings);
const settingFlags = Object.fromEntries(
  all.flatMap(([, { flag }]) => (flag === undefined ? [] : [[flag, { type: 'string' as const }]])),
) as Record<SettingFlag, { type: 'string' }>;

/** Every flag of the agent but `--help`. */
export const flagOptions = {
  ...settingFlags,
  [agentFile.flag]: { type: 'string' },
  source: { type: 'string' },
  job: { type: 'string' },
  kind: { type: 'string' },
  cap: { type: 'string' },
  'schedule-seconds': { type: 'string' },
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

function fromEnvironment(env: NodeJS.ProcessEnv): Settings {
  return settingsIn(({ environment }) => (environment === undefined ? undefined : textOf(env, environment)));
}

function fromFlags(flags: Flags, jobsOfFile: unknown): Settings {
  const settings = settingsIn(({ flag }) => (flag === undefined ? undefined : flags[flag as SettingFlag]));
  const job = jobOfFlags(flags);
  if (job !== undefined)
    settings['jobs'] = [...(Array.isArray(jobsOfFile) ? (jobsOfFile as unknown[]) : []), job];
  return settings;
}

function settingsIn(read: (setting: AgentSetting) => string | undefined): Settings {
  const settings: Settings = {};
  for (const [name, setting] of all) {
    const text = read(setting);
    if (text !== undefined) settings[name] = setting.isNumber === true ? Number(text) : text;
  }
  return settings;
}

/** An empty variable is none. */
function textOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
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
