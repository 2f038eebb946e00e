import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../support/bareEnvironment.ts';

export interface HostProcess {
  /** Called with the key of each page that the host begins. */
  onPage(listener: (idempotencyKey: string) => void): void;
  /** kill −9; idempotent. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('host.ts', import.meta.url));

/** Starts `host.ts`; resolves when it listens to its queue, rejects when it ends before. */
export async function startHostProcess(environment: Readonly<Record<string, string>>): Promise<HostProcess> {
  const child = spawn(process.execPath, [program], {
    env: { ...bareEnvironment(), ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const ended = exited.then(([code]) => {
    throw new Error(`a host ended before it worked, with exit code ${String(code)}`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return {
    onPage: (listener) => {
      child.on('message', (said) => {
        if (typeof said === 'string') listener(said);
      });
    },
    kill,
  };
}
