/**
 * Loaded before the program of a child process. The parent holds the other end of a pipe and never writes to it:
 * when the pipe closes, the parent stopped this process or is gone, even if it was killed with -9. The program's own
 * SIGTERM handlers then end it, as they would on a service manager's stop; what has not ended after the grace
 * period is ended here. It works alike on Windows, which has no SIGTERM.
 */
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const graceMs = 10_000;
const signalExitCode = 143;

function endGracefully(): void {
  setTimeout(() => process.exit(signalExitCode), graceMs).unref();
  if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM', 'SIGTERM');
  else process.exit(signalExitCode);
}

const descriptor = process.env['PARENT_PIPE'];
if (descriptor !== undefined && isMainThread) {
  // Processes that this one starts inherit the environment and the preload, but not the pipe.
  delete process.env['PARENT_PIPE'];
  const pipe = new Socket({ fd: Number(descriptor), readable: true, writable: false });
  pipe.once('close', endGracefully);
  pipe.resume();
  pipe.unref();
  // Once the parent is gone nobody reads what is printed: without a listener the next line would end the process
  // before its handlers are done.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
