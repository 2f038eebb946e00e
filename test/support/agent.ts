import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runAgent } from '../../agent/agent.ts';
import { parseConfiguration } from '../../agent/configuration/configuration.ts';
import { createLog } from '../../agent/logging/log.ts';
import type { ScanSource } from '../../agent/source/scan.ts';
import type { OpenSourceFile } from '../../agent/source/sourceFile.ts';
import type { FileResult } from '../../shared/contract/agents.ts';
import { type ArchiveUnderTest, startArchive } from './archive.ts';

/** Archives that a test opened, so that `afterEach` can end them all. */
export function archives() {
  const opened: ArchiveUnderTest[] = [];
  return {
    open: async (...job: Parameters<typeof startArchive>) => {
      const archive = await startArchive(...job);
      opened.push(archive);
      return archive;
    },
    closeAll: async () => {
      for (const archive of opened.splice(0)) await archive.close();
    },
  };
}

/** Writes a source file that has been quiet for long; `ageSeconds` sets its time. */
export async function put(
  archive: ArchiveUnderTest,
  path: string | Buffer,
  content: string | Buffer,
  ageSeconds = 3600,
): Promise<void> {
  const file = Buffer.concat([Buffer.from(`${archive.source}/`), Buffer.from(path)]);
  if (typeof path === 'string') await mkdir(dirname(join(archive.source, path)), { recursive: true });
  await writeFile(file, content);
  const time = new Date(Math.floor(Date.now() / 1000 - ageSeconds) * 1000);
  await utimes(file, time, time);
}

interface RunningOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly openSource?: OpenSourceFile;
  readonly scan?: ScanSource;
  readonly once?: boolean;
}

/** An agent that works in this process. */
export interface RunningAgent {
  readonly lines: string[];
  /** Resolves when the agent has ended; rejects as `runAgent` does. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts the agent with times fit for a test. */
export function startAgent(archive: ArchiveUnderTest, options: RunningOptions = {}): RunningAgent {
  const configuration = parseConfiguration({
    server: archive.plane.url,
    state: archive.state,
    quietSeconds: 0,
    enrolPollSeconds: 0.05,
    heartbeatSeconds: 0.3,
    retryBaseMs: 2,
    lateWriteSeconds: 0,
    ...options.settings,
  });
  const lines: string[] = [];
  const log = createLog({ level: 'debug', format: 'line', write: (line) => lines.push(line) });
  const stop = new AbortController();
  const ended = runAgent({
    configuration,
    log,
    once: options.once ?? false,
    signal: stop.signal,
    ...(options.openSource === undefined ? {} : { openSource: options.openSource }),
    ...(options.scan === undefined ? {} : { scan: options.scan }),
  });
  return {
    lines,
    ended,
    stop: async () => {
      stop.abort(new Error('the test is over'));
      await ended;
    },
  };
}

/** Runs one cycle of every job and ends; returns what was logged. */
export async function cycle(archive: ArchiveUnderTest, options: RunningOptions = {}): Promise<string[]> {
  const agent = startAgent(archive, { ...options, once: true });
  await agent.ended;
  return agent.lines;
}

/** Outcomes of the last run, by path. */
export function lastOutcomes(archive: ArchiveUnderTest): Record<string, FileResult['outcome']> {
  const results = [...(archive.plane.runs.at(-1)?.results.values() ?? [])];
  return Object.fromEntries(results.map(({ path, outcome }) => [path, outcome]));
}

/** What stands on the share, with its content's hash. */
export async function storedHashes(archive: ArchiveUnderTest): Promise<Map<string, string>> {
  return new Map((await archive.stored()).map(({ path, sha256 }) => [path, sha256]));
}

/** Waits until a condition holds; the test's own time limit is the bound. What costs the machine something is asked less often. */
export async function until(condition: () => boolean | Promise<boolean>, everyMs = 20): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => void setTimeout(resolve, everyMs));
}
