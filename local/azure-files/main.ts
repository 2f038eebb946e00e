import { readCommandLine, USAGE, UsageError } from './cli.ts';
import type { CommandLine } from './cli.ts';
import type { AccessLine } from './handler.ts';
import { startAzureFilesServer } from './server.ts';

try {
  await run(readCommandLine(process.argv.slice(2), process.env));
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(error instanceof Error ? error.message : error);
  if (isUsage) console.error(USAGE);
  process.exitCode = isUsage ? 2 : 1;
}

async function run({ server: options, logsRequests }: CommandLine): Promise<void> {
  const server = await startAzureFilesServer({ ...options, log: (line) => logLine(line, logsRequests) });
  const [{ name }] = options.accounts;
  console.log(`Azure Files server is up: FileEndpoint=${server.url}/${name};AccountName=${name}`);
  const stop = () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function logLine(line: AccessLine, logsRequests: boolean): void {
  if (logsRequests) {
    const code = line.code === undefined ? '' : ` ${line.code}`;
    console.log(
      `${line.status}${code} ${line.method} ${line.path} ${line.operation} ${line.durationMs.toFixed(1)} ms`,
    );
  }
  if (line.error !== undefined) console.error(`${line.operation} ${line.path} failed:`, line.error);
}
