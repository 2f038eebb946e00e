import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../local/database/embedded.ts';
import { type LocalCredentials, openCredentials } from '../../local/platform/credentials.ts';
import { startChildProcess } from '../../local/processes/child.ts';

/** The whole platform as `npm start` runs it, on a database that the bench may fill and look into. */
export interface BenchPlatform {
  readonly url: string;
  readonly databaseUrl: string;
  readonly credentials: LocalCredentials;
  /** Of a part by its name (`host`, `azurite`), as it is now. */
  pidOf(part: string): number;
  /** Stops everything and removes its data. */
  stop(): Promise<void>;
}

/** A benchmark is one client, and one agent asks for a thousand. */
const unlimited = { ANONYMOUS_REQUESTS_PER_MINUTE: '1000000', AGENT_REQUESTS_PER_MINUTE: '1000000' };

/** Starts it without instruments, below a temporary folder. */
export async function startBenchPlatform(env: Readonly<Record<string, string>> = {}): Promise<BenchPlatform> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'datasync-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(dataDir, 'bench-postgres') });
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = await startChildProcess({
    name: 'platform',
    entry: path.resolve(import.meta.dirname, '../../local/start.ts'),
    args: ['--port', '0', '--data', dataDir, '--fleet', '0'],
    env: { ...process.env, HEARTBEAT_SECONDS: '60', ...unlimited, ...env, DATABASE_URL: postgres.url },
    log: () => undefined,
    onLine: (line) => {
      const url = /DataSync is up: (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    },
  });
  const ended = child.exited.then(() => {
    throw new Error('the platform ended before it was up');
  });
  ended.catch(() => undefined);
  const url = await Promise.race([promise, ended]);
  const processes = path.join(dataDir, 'run/processes.json');
  return {
    url,
    databaseUrl: postgres.url,
    credentials: await openCredentials(dataDir),
    pidOf: (part) => (JSON.parse(readFileSync(processes, 'utf8')) as Record<string, number>)[part] ?? 0,
    stop: async () => {
      await child.stop(30_000);
      await postgres.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
