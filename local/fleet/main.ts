import { parseArgs } from 'node:util';
import type { Log } from '../log.ts';
import { startFleet } from './fleet.ts';

/**
 * `node local/fleet/main.ts --dir DIR [--count 6] [--rate 6] [--cap 400] [--seed TEXT]`: simulates instruments
 * until SIGTERM or SIGINT, then finishes what is being written and exits 0.
 */
const usage = 'usage: --dir DIR [--count INSTRUMENTS] [--rate FILES_PER_MINUTE] [--cap FILES] [--seed TEXT]';

interface Options {
  dir: string;
  count: number;
  rate: number;
  capFiles: number;
  seed: string;
}

/** Ends the process with code 2 and the usage when the options make no sense. */
function readOptions(): Options {
  try {
    return parseOptions();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
}

function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      count: { type: 'string', default: '6' },
      rate: { type: 'string', default: '6' },
      cap: { type: 'string', default: '400' },
      seed: { type: 'string', default: 'argo' },
    },
  });
  if (values.dir === undefined) throw new Error('Reading the options of the fleet: --dir is missing.');
  const count = readNumber('--count', values.count, /^\d{1,3}$/u);
  const rate = readNumber('--rate', values.rate, /^\d{1,4}(?:\.\d+)?$/u);
  const capFiles = readNumber('--cap', values.cap, /^[1-9]\d{0,6}$/u);
  return { dir: values.dir, count, rate, capFiles, seed: values.seed };
}

function readNumber(name: string, text: string, form: RegExp): number {
  if (form.test(text)) return Number(text);
  throw new Error(
    `Reading the options of the fleet: ${name} is ${JSON.stringify(text)}; wanted a number in range.`,
  );
}

const log: Log = (level, message, fields = {}) => {
  const shown = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
  );
  console.error(JSON.stringify({ time: new Date().toISOString(), level, message, ...shown }));
};

async function run(options: Options): Promise<void> {
  const asked = Promise.withResolvers<unknown>();
  for (const event of ['SIGTERM', 'SIGINT'] as const) process.once(event, asked.resolve);
  const fleet = await startFleet({ ...options, log });
  console.log(`Fleet is producing: ${fleet.instruments.length} instruments below ${options.dir}`);
  // The wait for a signal alone would not keep the process alive when the rate is 0.
  const alive = setInterval(() => undefined, 60_000);
  await asked.promise;
  clearInterval(alive);
  await fleet.close();
}

await run(readOptions());
