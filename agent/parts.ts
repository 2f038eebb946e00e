import { randomUUID } from 'node:crypto';
import { type Client, createClient } from '../shared/client/index.ts';
import { minimalAnswer } from '../shared/domain/preference.ts';
import type { Configuration } from './configuration/configuration.ts';
import { type Journal, openJournal } from './journal/journal.ts';
import type { AgentLog } from './logging/log.ts';
import type { Jobs } from './schedule/jobs.ts';
import { type AgentFacts, agentFacts } from './server/agentFacts.ts';
import { enrol } from './server/enrolment.ts';
import { createHeartbeat, type Heartbeat } from './server/heartbeat.ts';
import { httpFetch } from './server/httpFetch.ts';
import { retryingClient, serverRetries } from './server/retry.ts';
import { type Credentials, holdCredentials } from './share/credentials.ts';
import { openShare, type Share } from './share/openShare.ts';
import { shareRetries } from './share/retry.ts';
import { createShareHealth, type ShareHealth } from './share/shareHealth.ts';
import { type IdentityStore, openIdentity } from './state/identity.ts';
import { openSecretBox } from './state/secretBox.ts';
import { type InFlight, trackInFlight } from './sync/inFlight.ts';
import { type LateWrites, rememberLateWrites } from './sync/lateWrites.ts';

/** A renewed credential is waited for so long before the files that need it fail. */
const RENEWAL_MS = 120_000;

/** What the agent's work shares for as long as the process lives. */
export interface AgentParts {
  readonly configuration: Configuration;
  readonly log: AgentLog;
  readonly identity: IdentityStore;
  readonly journal: Journal;
  readonly facts: AgentFacts;
  readonly client: Client;
  readonly health: ShareHealth;
  readonly inFlight: InFlight;
  readonly lateWrites: LateWrites;
  readonly credentials: Credentials;
  /** One opened share a name. */
  readonly openShare: (shareName: string) => Promise<Share>;
  /** Asks for a heartbeat at once. */
  readonly soon: () => void;
  /** Says who beats. */
  readonly onSoon: (beat: () => void) => void;
  /** Ends when the agent stops, for whatever reason. */
  readonly running: AbortSignal;
}

/** Opens the state folder and makes everything that needs nothing but it and the configuration. */
export function openParts(configuration: Configuration, log: AgentLog, running: AbortSignal): AgentParts {
  const stateFolder = configuration.state;
  const arriveWithinMs = configuration.lateWriteSeconds * 1000;
  const identity = openIdentity({ stateFolder, box: openSecretBox(stateFolder), log });
  const health = createShareHealth();
  const bell: { ring?: () => void } = {};
  const soon = () => bell.ring?.();
  const credentials = holdCredentials({
    initial: identity.current.credentials,
    save: (all) => identity.change({ credentials: all }),
    ask: soon,
    waitMs: RENEWAL_MS,
  });
  return {
    configuration,
    log,
    identity,
    health,
    credentials,
    soon,
    running,
    journal: openJournal({ stateFolder, log }),
    facts: agentFacts(configuration),
    inFlight: trackInFlight(arriveWithinMs, () => performance.now()),
    lateWrites: rememberLateWrites({
      stateFolder,
      arriveWithinMs,
      now: Date.now,
      monotonicMs: () => performance.now(),
      log,
    }),
    onSoon: (beat) => {
      bell.ring = beat;
    },
    client: retryingClient(
      createClient({
        baseUrl: configuration.server,
        headers: () => ({ authorization: `Bearer ${identity.current.key}`, ...minimalAnswer }),
        timeoutMs: configuration.requestTimeoutSeconds * 1000,
        fetch: httpFetch(),
      }),
      {
        retries: serverRetries(configuration),
        random: Math.random,
        monotonicMs: () => performance.now(),
        signal: running,
      },
    ),
    openShare: onceForEach((shareName) =>
      openShareNamed(shareName, { configuration, credentials, health, log }),
    ),
  };
}

function openShareNamed(
  shareName: string,
  parts: Pick<AgentParts, 'configuration' | 'credentials' | 'health' | 'log'>,
): Promise<Share> {
  const { tries, retryBaseMs, tryTimeoutSeconds } = parts.configuration;
  return openShare({
    ...parts,
    shareName,
    retries: shareRetries({ tries, retryBaseMs }),
    tryTimeoutMs: tryTimeoutSeconds * 1000,
    random: Math.random,
  });
}

/** Registers the agent and waits for its approval. */
export function enrolWith(parts: AgentParts): Promise<void> {
  const { runnerId, jobs, enrolPollSeconds } = parts.configuration;
  return enrol({ ...parts, runnerId, jobs, pollSeconds: enrolPollSeconds, signal: parts.running });
}

/** The agent's heartbeat: says how parts and jobs are, and hands them what the server answers. */
export function heartbeatOf(parts: AgentParts, jobs: Jobs): Heartbeat {
  const { identity, health, credentials, inFlight, log } = parts;
  return createHeartbeat({
    ...parts,
    instanceNonce: randomUUID(),
    everySeconds: parts.configuration.heartbeatSeconds,
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
        await enrolWith(parts);
        parts.soon();
      },
    },
  });
}

function onceForEach<T>(make: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}
