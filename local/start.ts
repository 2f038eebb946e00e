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
  const asked = stopAsked();
  const data = await openDataFolder(options.dataDir);
  try {
    const platform = await startPlatform(options, data);
    announce(platform, options.dataDir);
    await asked;
    await platform.stop();
  } finally {
    data.release();
  }
}

function announce(platform: RunningPlatform, dataDir: string): void {
  const { operator, ciSecret } = platform.credentials;
  process.stdout.write(`DataSync is up: ${platform.url}\n`);
  process.stdout.write(`  sign in as  ${operator.email}\n  password    ${operator.password}\n`);
  process.stdout.write(
    `  CI secret   ${ciSecret}\n  all of it is also in ${dataDir}/local-credentials.json\n`,
  );
}

/** Resolves when a signal asks to stop, or when the npm that started this is gone. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
    if (process.env['npm_lifecycle_event'] === undefined) return;
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 500).unref();
  });
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const usageFault = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (!usageFault && error instanceof Error && error.cause !== undefined)
    process.stderr.write(`caused by: ${String(error.cause)}\n`);
  process.exit(usageFault ? 2 : 1);
}
