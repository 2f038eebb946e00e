import { Command, CommanderError } from 'commander';
import { terminalLines } from '../../shared/domain/escaping/terminalText.ts';
import { addChanges } from './commands/changes.ts';
import { addPoison } from './commands/poison.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addWorkflow } from './commands/workflow.ts';
import { checkedClient } from './checkedClient.ts';
import { connect } from './connection.ts';
import { exitCodeLines, type ExitName, exits } from './exitCodes.ts';
import type { Act, Add } from './operator.ts';
import { refusalOf } from './refusal.ts';
import { openScreen, type Outputs } from './screen.ts';

/** Every command: a file each, a line here. */
const commands: readonly Add[] = [addWorkflow, addRuns, addRun, addChanges, addReconcile, addPoison];

export interface Surroundings extends Outputs {
  readonly stdin: NodeJS.ReadableStream;
}

/** Runs one command line, the program's own name not included; gives its exit code. */
export async function runSyncTool(args: readonly string[], around: Surroundings): Promise<number> {
  let exit: ExitName = 'done';
  const act: Act = async (command, work) => {
    const { server, json = false } = command.optsWithGlobals<{ server?: string; json?: boolean }>();
    const client = checkedClient(() => connect(server, around.env));
    exit = await work({ client, screen: openScreen(around, json), stdin: around.stdin });
  };
  try {
    await programOf(act, around).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exits.done.code;
    exit = refuse(error, around, args.includes('--json'));
  }
  return exits[exit].code;
}

function programOf(act: Act, { stdout, stderr }: Outputs): Command {
  const program = new Command('sync-tool')
    .description('Starts, watches and mends what DataSync runs.')
    .option('--json', 'one JSON document on standard output, for programs')
    .option('--server <url>', 'address of the control plane; DATASYNC_URL, or http://127.0.0.1:7071')
    .exitOverride()
    .showHelpAfterError('Add --help for how it is called.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(terminalLines(text)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', `\nThe token is DATASYNC_TOKEN. Exit codes:\n${exitCodeLines().join('\n')}`);
  for (const add of commands) add(program, act);
  return program;
}

function refuse(error: unknown, around: Outputs, isJson: boolean): ExitName {
  const { exit, lines, facts } = refusalOf(error);
  const screen = openScreen(around, isJson);
  for (const [index, line] of lines.entries()) screen.note(index === 0 ? `sync-tool: ${line}` : line);
  if (isJson) screen.answer({ error: { exitCode: exits[exit].code, ...facts } }, () => []);
  return exit;
}
