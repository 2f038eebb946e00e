import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export interface PlatformOptions {
  readonly port: number;
  readonly dataDir: string;
  /** Simulated instruments; 0 where a real folder is archived instead. */
  readonly fleetSize: number;
  /** Files a minute that each simulated instrument produces. */
  readonly filesPerMinute: number;
  /** A real folder to archive with one agent, instead of the simulator. */
  readonly sourceDir: string | undefined;
  /** Functions hosts on the one database, as Azure scales out; the simulated instruments' agents are spread over them. */
  readonly hosts: number;
  /** By how many seconds the clock of a simulated instrument's PC is wrong, by runner. */
  readonly clockSkewSeconds: ReadonlyMap<string, number>;
  /** The file server takes faults at `/.faults`: for rehearsals only. */
  readonly takesFaults: boolean;
  /** From `DATABASE_URL`; undefined: PostgreSQL below the data folder. */
  readonly databaseUrl: string | undefined;
}

/** A mistake in how the program was called; the message says what was wanted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const flags = {
  port: { type: 'string', default: '7071' },
  data: { type: 'string', default: '.data' },
  fleet: { type: 'string' },
  rate: { type: 'string', default: '6' },
  source: { type: 'string' },
  hosts: { type: 'string', default: '1' },
  'clock-skew': { type: 'string', default: '' },
  faults: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const usage = `npm start -- [--port 7071] [--data .data] [--fleet 6] [--rate 6] [--source DIR] [--hosts 1]

  --port N      where the server listens on 127.0.0.1
  --data DIR    everything the platform keeps lies below this folder
  --fleet N     number of simulated instruments (0: none)
  --rate N      files a minute that each simulated instrument produces (0: none, what stands is archived)
  --source DIR  archive this real folder with one agent instead of the simulator
  --hosts N     Functions hosts on the one database, on ports that follow one another (1 to 4)
  --clock-skew  wrong clocks of simulated PCs in seconds: argo1=86400,argo2=-3600
  --faults      let the file server take faults at /.faults, for rehearsals
  DATABASE_URL  embedded:DIR, postgres://… or mssql://… (default: embedded below the data folder)`;

/** Reads the command line; throws `UsageError` for anything that it does not know. Returns undefined for `--help`. */
export function readOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): PlatformOptions | undefined {
  const values = parse(argv);
  if (values.help) return undefined;
  const sourceDir = values.source === undefined ? undefined : folder('--source', values.source);
  return {
    port: wholeNumber('--port', values.port, 0, 65_535),
    dataDir: folderToBe('--data', values.data),
    fleetSize: wholeNumber('--fleet', values.fleet ?? (sourceDir === undefined ? '6' : '0'), 0, 100),
    filesPerMinute: wholeNumber('--rate', values.rate, 0, 6000),
    sourceDir,
    hosts: wholeNumber('--hosts', values.hosts, 1, 4),
    clockSkewSeconds: clockSkew(values['clock-skew']),
    takesFaults: values.faults,
    databaseUrl: environment['DATABASE_URL'] === '' ? undefined : environment['DATABASE_URL'],
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(
      `${cause instanceof Error ? cause.message : 'cannot read the command line'}\n\n${usage}`,
      { cause },
    );
  }
}

function folder(flag: string, text: string): string {
  const resolved = path.resolve(text);
  if (statSync(resolved, { throwIfNoEntry: false })?.isDirectory() === true) return resolved;
  throw new UsageError(`${flag} is ${JSON.stringify(resolved)}; wanted: a folder that is there`);
}

/** A folder, or a place where one can be made. */
function folderToBe(flag: string, text: string): string {
  const resolved = path.resolve(text);
  let nearest = resolved;
  while (statSync(nearest, { throwIfNoEntry: false }) === undefined && nearest !== path.dirname(nearest))
    nearest = path.dirname(nearest);
  if (statSync(nearest, { throwIfNoEntry: false })?.isDirectory() === true) return resolved;
  throw new UsageError(
    `${flag} is ${JSON.stringify(resolved)}, and ${JSON.stringify(nearest)} is no folder; wanted: a folder, or a place for one`,
  );
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `${flag} is ${JSON.stringify(text)}; wanted: a whole number from ${String(least)} to ${String(most)}\n\n${usage}`,
  );
}

function clockSkew(text: string): Map<string, number> {
  const parts = text.split(',').filter((part) => part !== '');
  return new Map(
    parts.map((part) => {
      const [, runnerId, seconds] = /^(argo\d+)=(-?\d{1,9})$/.exec(part) ?? [];
      if (runnerId !== undefined) return [runnerId, Number(seconds)];
      throw new UsageError(`--clock-skew has ${JSON.stringify(part)}; wanted: argo1=SECONDS,argo2=SECONDS`);
    }),
  );
}
