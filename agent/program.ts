import { terminalLines } from '../shared/domain/escaping/terminalText.ts';
import { type AgentOptions, runAgent } from './agent.ts';
import { asksForHelp, readConfiguration } from './configuration/sources.ts';
import { AgentEnd, exitCodes } from './exitCodes.ts';
import { createLog } from './logging/log.ts';
import { redact } from './logging/redact.ts';
import { scanBySize } from './source/scanBySize.ts';
import { scanInThreads } from './source/scanInThreads.ts';
import { hashInThread } from './sync/hashInThread.ts';

/** What the command line asks for; resolves with the exit code. `entry`: the program's own file, for its threads. */
export async function runProgram(entry: URL): Promise<number> {
  const argv = process.argv.slice(2);
  if (argv[0] === 'audit') return audit(argv.slice(1));
  if (asksForHelp(argv)) {
    const { agentUsage } = await import('./configuration/usage.ts');
    process.stdout.write(`${agentUsage}\n`);
    return exitCodes.stopped;
  }
  try {
    const { configuration, once } = readConfiguration({ argv, env: process.env });
    const log = createLog({
      level: configuration.logLevel,
      format: configuration.logFormat,
      write: (line) => void process.stdout.write(line),
    });
    return await run({ configuration, once, log }, entry);
  } catch (error) {
    if (error instanceof AgentEnd) {
      process.stderr.write(`${terminalLines(redact(error.message))}\n`);
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

async function run(input: Omit<AgentOptions, 'signal'>, entry: URL): Promise<number> {
  const { log } = input;
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => {
      log.info({ signal: name }, 'The agent is told to stop');
      stop.abort(new Error(`${name} received`));
    });
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
