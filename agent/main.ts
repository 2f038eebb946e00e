import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { AgentOptions } from './agent.ts';
import { AgentEnd, exitCodes } from './exitCodes.ts';
import { scanBySize } from './source/scanBySize.ts';
import { scanIfWorker, scanInThreads } from './source/scanInThreads.ts';
import { hashIfWorker, hashInThread } from './sync/hashInThread.ts';

// Everything else is loaded only where it is needed: a scanning or hashing thread needs nothing more.
if (!scanIfWorker() && !hashIfWorker()) {
  // The PC is the instrument's: garbage, of which uploads make much, is collected early rather than memory taken.
  for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=60']) setFlagsFromString(flag);
  // Compiled code is kept between starts; without it a start takes twice as long.
  enableCompileCache();
  process.exitCode = await main();
  // What is still open (keep-alive connections, a request on its way) must not hold the process.
  process.exit();
}

async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  const { config } = await import('zod');
  // An idle cycle checks a few answers: compiling a checker for each would take longer than the checks.
  config({ jitless: true });
  if (argv[0] === 'audit') return audit(argv.slice(1));
  const { asksForHelp, readConfiguration } = await import('./configuration/sources.ts');
  if (asksForHelp(argv)) {
    const { agentUsage } = await import('./configuration/usage.ts');
    process.stdout.write(`${agentUsage}\n`);
    return exitCodes.stopped;
  }
  const { createLog } = await import('./logging/log.ts');
  const { redact } = await import('./logging/redact.ts');
  const { terminalLines } = await import('../shared/domain/escaping/terminalText.ts');
  try {
    const { configuration, once } = readConfiguration({ argv, env: process.env });
    const log = createLog({
      level: configuration.logLevel,
      format: configuration.logFormat,
      write: (line) => void process.stdout.write(line),
    });
    return await run({ configuration, once, log });
  } catch (error) {
    if (error instanceof AgentEnd) {
      console.error(terminalLines(redact(error.message)));
      return error.exitCode;
    }
    throw error;
  }
}

async function audit(argv: readonly string[]): Promise<number> {
  const { runAudit } = await import('./audit/command.ts');
  // Awaited, since the process ends right after: what a pipe has not taken yet would be lost.
  const written: Promise<void>[] = [];
  const to = (stream: NodeJS.WriteStream) => (text: string) => {
    written.push(new Promise((resolve) => void stream.write(text, () => resolve())));
  };
  const command = { argv, env: process.env, out: to(process.stdout), err: to(process.stderr), now: Date.now };
  const exitCode = await runAudit(command);
  await Promise.all(written);
  return exitCode;
}

async function run(input: Omit<AgentOptions, 'signal'>): Promise<number> {
  const { log } = input;
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => {
      log.info({ signal: name }, 'The agent is told to stop');
      stop.abort(new Error(`${name} received`));
    });
  const { runAgent } = await import('./agent.ts');
  const entry = new URL(import.meta.url);
  try {
    await runAgent({
      ...input,
      scan: scanBySize(scanInThreads(entry)),
      startFileHash: hashInThread(entry),
      signal: stop.signal,
    });
    return exitCodes.stopped;
  } catch (error) {
    // It has said why.
    return error instanceof AgentEnd ? error.exitCode : exitCodes.unexpected;
  }
}
