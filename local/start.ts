import { once } from 'node:events';
import { openDataFolder } from './platform/data-folder.ts';
import { readOptions, usage, UsageError } from './platform/options.ts';
import { type RunningPlatform, startPlatform } from './platform/platform.ts';

/** `npm start`: the whole platform on this machine. Exit 0 after a signal, 2 for a wrong call, 1 when it cannot start. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const stopSignal = signalOfStop();
  const data = await openDataFolder(options.dataDir);
  try {
    const platform = await startPlatform(options, data, stopSignal);
    announce(platform, options.dataDir);
    if (!stopSignal.aborted) await once(stopSignal, 'abort');
    await platform.stop();
  } catch (error) {
    if (!stopSignal.aborted) throw error; // parts that end with a Ctrl-C during the start are no failure
  } finally {
    data.release();
  }
}

function announce(platform: RunningPlatform, dataDir: string): void {
  const { operator, ciSecret } = platform.credentials;
  process.stdout.write(`DataSync is up: ${platform.url}\n`);
  for (const url of platform.urls.slice(1)) process.stdout.write(`  and another host: ${url}\n`);
  process.stdout.write(`  sign in as  ${operator.email}\n  password    ${operator.password}\n`);
  process.stdout.write(
    `  CI secret   ${ciSecret}\n  all of it is also in ${dataDir}/local-credentials.json\n`,
  );
}

/** Aborted when a signal asks to stop, or when the npm that started this is gone. */
function signalOfStop(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.env['npm_lifecycle_event'] === undefined) return controller.signal;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();
  return controller.signal;
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const usageFault = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (!usageFault && error instanceof Error && error.cause !== undefined)
    process.stderr.write(
      `caused by: ${error.cause instanceof Error ? error.cause.message : JSON.stringify(error.cause)}\n`,
    );
  process.exit(usageFault ? 2 : 1);
}
