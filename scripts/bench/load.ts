import path from 'node:path';
import autocannon from 'autocannon';
import { startChildProcess, type RunningChild } from '../../local/processes/child.ts';

export interface BenchServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one of `servers/` as a process of its own and waits for its address. */
export async function startServer(name: string, env: NodeJS.ProcessEnv = {}): Promise<BenchServer> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const errors: string[] = [];
  const child: RunningChild = await startChildProcess({
    name,
    entry: path.join(import.meta.dirname, 'servers', `${name}.ts`),
    env: { ...process.env, ...env },
    log: () => undefined,
    onLine: (line, stream) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
      else if (stream === 'stderr') errors.push(line);
    },
  });
  child.exited.then(() => {
    reject(new Error(`bench server ${name} ended: ${errors.join('\n')}`));
  }, reject);
  const url = await promise;
  return {
    url,
    stop: async () => {
      await child.stop();
    },
  };
}

export interface Load {
  readonly url: string;
  /** Sent in turn. */
  readonly requests: readonly { readonly headers?: Record<string, string>; readonly body: unknown }[];
  readonly seconds: number;
  readonly connections?: number;
}

/** Requests a second over the given time; throws when any answer was not 2xx, as a fast error is no speed. */
export async function requestsPerSecond(load: Load): Promise<number> {
  const result = await autocannon({
    url: load.url,
    method: 'POST',
    requests: load.requests.map(({ headers, body }) => ({
      method: 'POST',
      path: new URL(load.url).pathname,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })),
    connections: load.connections ?? 32,
    duration: load.seconds,
  });
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0)
    throw new Error(`${load.url}: ${String(bad)} requests failed of ${String(result.requests.total)}`);
  return result.requests.average;
}
