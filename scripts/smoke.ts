import { parseArgs } from 'node:util';
import { smoke } from './deploying/smoke.ts';

const usage = `npm run -s smoke -- --url URL [--version V] [--instances 1] [--patience 300]

Asks a deployed server from outside: healthy, of that version, closed to strangers, a dashboard, 429 for who asks too often.
  --version V     waits until this version answers
  --instances N   hosts that count requests each for itself (without Redis)
  --patience S    seconds that it may take to be healthy
It uses up the caller's budget of requests for a minute. Exit code 0: all is well; 1: something is not; 2: wrong call.`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: 'string' },
        version: { type: 'string' },
        instances: { type: 'string', default: '1' },
        patience: { type: 'string', default: '300' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (values.url === undefined || !URL.canParse(values.url))
      throw new Error('no server was named; wanted: --url https://…');
    const failures = await smoke({
      url: values.url.replace(/\/$/, ''),
      ...(values.version !== undefined && { version: values.version }),
      instances: wholeNumber('--instances', values.instances),
      patienceMs: wholeNumber('--patience', values.patience) * 1000,
      say: (line) => console.log(line),
    });
    return failures.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(`smoke: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new Error(`${flag} ${text} is no whole number`);
}
