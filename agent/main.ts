import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { scanIfWorker } from './source/scanInThreads.ts';
import { hashIfWorker } from './sync/hashInThread.ts';

// Everything else is loaded only where it is needed: a scanning or hashing thread needs nothing more.
if (!scanIfWorker() && !hashIfWorker()) {
  // The PC is the instrument's: garbage, of which uploads make much, is collected early rather than memory taken.
  for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=60']) setFlagsFromString(flag);
  // Compiled code is kept between starts; without it a start takes twice as long.
  enableCompileCache();
  const { checkWithoutCompiling } = await import('./configuration/checking.ts');
  checkWithoutCompiling();
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(new URL(import.meta.url));
  // What is still open (keep-alive connections, a request on its way) must not hold the process.
  process.exit();
}
