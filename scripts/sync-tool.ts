import { runSyncTool } from './operating/program.ts';
import { exits } from './operating/exitCodes.ts';

// `sync-tool runs | head`: whoever read has had enough.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exits.readerGone.code);
  });

const { stdin, stdout, stderr, env } = process;
process.exitCode = await runSyncTool(process.argv.slice(2), { stdin, stdout, stderr, env });
