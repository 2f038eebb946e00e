import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createClient } from '../shared/client/index.ts';
import type { Configuration } from './configuration/configuration.ts';
import { openJournal } from './journal/journal.ts';
import type { AgentLog } from './logging/log.ts';
import { createJobs, type Jobs } from './schedule/jobs.ts';
import { agentFacts } from './server/agentFacts.ts';
import { enrol } from './server/enrolment.ts';
import { httpFetch } from './server/httpFetch.ts';
import { createHeartbeat, type Heartbeat } from './server/heartbeat.ts';
import { holdCredentials } from './share/credentials.ts';
import { openShare } from './share/openShare.ts';
import { createShareHealth } from './share/shareHealth.ts';
import { scanHere, type ScanSource } from './source/scan.ts';
import { openSourceFile, type OpenSourceFile } from './source/sourceFile.ts';
import { openIdentity } from './state/identity.ts';
import { lockStateFolder } from './state/lock.ts';
import { openSecretBox } from './state/secretBox.ts';
import { runCycle } from './sync/cycle.ts';
import { trackInFlight } from './sync/inFlight.ts';

export interface AgentOptions {
  readonly configuration: Configuration;
  readonly once: boolean;
  readonly log: AgentLog;
  /** Stops the agent cleanly. */
  readonly signal: AbortSignal;
  /** Reads source files; another one only in tests. */
  readonly openSource?: OpenSourceFile;
  /** Scans a source; in this thread unless given. */
  readonly scan?: ScanSource;
}

/** How long a stop waits for cycles to let go, and for the last heartbeat. */
const STOP_MS = 3000;
const LAST_BEAT_MS = 1500;
/** A renewed credential is waited for so long before the files that need it fail. */
const RENEWAL_MS = 120_000;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Runs the agent until it is stopped, or with `once` until each job had one cycle. Rejects with `AgentEnd` when it
 * must not go on (superseded, cloned, rejected, state in use).
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { configuration, log } = options;
  mkdirSync(configuration.state, { recursive: true, mode: 0o700 });
  const lock = await lockStateFolder(configuration.state);
  try {
    await runLocked(options);
  } finally {
    await lock.release();
    log.info('The agent has stopped');
  }
}

async function runLocked({
  configuration,
  once,
  log,
  signal,
  openSource,
  scan,
}: AgentOptions): Promise<void> {
  const stateFolder = configuration.state;
  const identity = openIdentity({ stateFolder, box: openSecretBox(stateFolder), log });
  const journal = openJournal({ stateFolder, log });
  const facts = agentFacts(configuration);
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const client = createClient({
    baseUrl: configuration.server,
    headers: () => ({ authorization: `Bearer ${identity.current.key}` }),
    timeoutMs: configuration.requestTimeoutSeconds * 1000,
    fetch: httpFetch(),
  });
  const health = createShareHealth();
  const inFlight = trackInFlight();
  const parts: { heartbeat?: Heartbeat } = {};
  const credentials = holdCredentials({
    initial: identity.current.credentials,
    save: (all) => identity.change({ credentials: all }),
    ask: () => parts.heartbeat?.soon(),
    waitMs: RENEWAL_MS,
  });
  const shares = onceForEach((shareName: string) =>
    openShare({
      shareName,
      credentials,
      health,
      policy: {
        tries: configuration.tries,
        baseMs: configuration.retryBaseMs,
        longestMs: LONGEST_BACKOFF_MS,
        renewals: 3,
      },
      tryTimeoutMs: configuration.tryTimeoutSeconds * 1000,
      random: Math.random,
      log,
    }),
  );
  const jobs = createJobs({
    once,
    log,
    quietMs: configuration.quietSeconds * 1000,
    cycle: (job, trigger, own) =>
      runCycle(job, trigger, {
        ...own,
        client,
        journal,
        log,
        stateFolder,
        inFlight,
        openSource: openSource ?? openSourceFile,
        scan: scan ?? scanHere,
        openShare: shares,
        concurrency: configuration.concurrency,
        budgetMs: (sizeBytes) =>
          Math.ceil(
            (configuration.fileBudgetSeconds + sizeBytes / configuration.slowestBytesPerSecond) * 1000,
          ),
        monotonicMs: () => performance.now(),
        signal: running,
      }),
    askConfiguration: () => parts.heartbeat?.soon(),
  });
  const enrolNow = () =>
    enrol({
      client,
      identity,
      facts,
      log,
      runnerId: configuration.runnerId,
      jobs: configuration.jobs,
      pollSeconds: configuration.enrolPollSeconds,
      signal: running,
    });
  parts.heartbeat = createHeartbeat({
    client,
    facts,
    log,
    instanceNonce: randomUUID(),
    everySeconds: configuration.heartbeatSeconds,
    now: () => new Date(),
    condition: () => ({
      status: jobs.activeIds().length > 0 ? 'syncing' : health.status === 'ok' ? 'idle' : 'degraded',
      activeJobs: jobs.activeIds(),
      azureFilesStatus: health.status,
      credentialExpiresAt: credentials.earliestEnd(),
      jobs: jobs.gauges(),
      inFlight: inFlight.list(),
    }),
    effects: {
      credentials: (fresh) => credentials.replace(fresh),
      jobs: (configured) => {
        identity.change({ jobs: [...configured] });
        jobs.configure(configured);
      },
      command: (command) => {
        log.info({ ...command }, 'Command received');
        if (command.kind === 'sync_now') jobs.syncNow(command.jobId);
      },
      keyUnknown: async () => {
        identity.change({ runnerId: null });
        await enrolNow();
        parts.heartbeat?.soon();
      },
    },
  });
  try {
    if (identity.current.runnerId === null) await enrolNow();
    jobs.configure(identity.current.jobs);
    await untilStopped({ heartbeat: parts.heartbeat, jobs, running, once });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort(new Error('the agent is stopping'));
    await Promise.race([jobs.stop(), pauseMs(STOP_MS)]);
    if (identity.current.runnerId !== null) await parts.heartbeat.last(AbortSignal.timeout(LAST_BEAT_MS));
    await journal.close();
  }
}

async function untilStopped(parts: {
  heartbeat: Heartbeat;
  jobs: Jobs;
  running: AbortSignal;
  once: boolean;
}): Promise<void> {
  const beating = parts.heartbeat.run(parts.running);
  await (parts.once
    ? Promise.race([beating, parts.jobs.allDone()])
    : Promise.race([beating, parts.jobs.failed()]));
}

function onceForEach<T>(make: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

function pauseMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
