import { createHash, randomUUID } from 'node:crypto';
import type { Agent } from '../../functions/archive/agent.ts';
import { approveEnrolment } from '../../functions/archive/approval.ts';
import { begin } from '../../functions/archive/beginRun.ts';
import { enrol, type EnrolmentRequest } from '../../functions/archive/enrolment.ts';
import type { HeartbeatBody } from '../../functions/archive/heartbeat.ts';
import type { Settings } from '../../functions/platform/settings.ts';
import { ShareError, type Shares } from '../../functions/platform/storage/shares.ts';
import type { Credential, FileResult, ProposedJob } from '../../shared/contract/agents.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { type TestServices, testServices } from './services.ts';

/** What was asked of the storage account; `fails` makes it not answer. */
export interface AskedShares extends Shares {
  readonly asked: string[];
  fails: boolean;
  /** What it says of the key. */
  exchangedAt: Date | undefined;
}

export interface TestArchive {
  readonly database: TestDatabase;
  readonly services: TestServices;
  readonly shares: AskedShares;
  readonly organizationId: string;
  close(): Promise<void>;
}

export const operator = { kind: 'system', name: 'operator@example.org' } as const;

/** Where the clock of a test archive stands at first. */
const NOON = new Date('2026-11-22T12:00:00.000Z');

/** An organization without runners, on a database of its own; the clock stands at noon of 22 November 2026, UTC. */
export async function openTestArchive(settings: Partial<Settings> = {}): Promise<TestArchive> {
  const database = await openTestDatabase();
  const shares = askedShares();
  const services = testServices({ database, shares, startAt: NOON, settings });
  const organizationId = await addOrganization(database, 'org', new Date('2026-01-01T00:00:00.000Z'));
  return { database, services, shares, organizationId, close: () => database.close() };
}

export async function addOrganization(database: TestDatabase, id: string, createdAt: Date): Promise<string> {
  await database.db.insertInto('organizations').values({ id, name: id, created_at: createdAt }).execute();
  return id;
}

export function proposed(name: string, more: Partial<ProposedJob> = {}): ProposedJob {
  return {
    name,
    kind: 'geometry',
    sourcePath: 'C:\\Argo\\Data',
    sharePath: '',
    scheduleSeconds: 300,
    include: [],
    exclude: [],
    sourceCap: null,
    ...more,
  };
}

export function enrolmentRequest(more: Partial<EnrolmentRequest> = {}): EnrolmentRequest {
  return {
    keyHash: sha256(randomUUID()),
    pairingCode: 'ABCD-1234',
    hostName: 'ARGO3',
    platform: 'win32 x64',
    timeZone: 'Australia/Sydney',
    agentVersion: '0.1.0',
    jobs: [proposed('geometry')],
    ...more,
  };
}

export type TestAgent = Agent & { readonly jobId: string };

/** Enrols an agent and lets it in; gives it as the edge would know it by its key, with its first job. */
export async function approvedAgent(
  archive: TestArchive,
  more: Partial<EnrolmentRequest> = {},
): Promise<TestAgent> {
  const request = enrolmentRequest(more);
  const { enrolmentId } = await enrol(archive.services, request, '10.0.0.1');
  const { organizationId } = archive;
  const approved = await approveEnrolment(archive.services, { organizationId, actor: operator, enrolmentId });
  const job = await archive.database.db
    .selectFrom('jobs')
    .select('id')
    .where('runner_id', '=', approved.runnerId)
    .orderBy('name')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { kind: 'agent', organizationId, ...approved, jobId: job.id };
}

/** An agent of another PC than every one before: the tests of a file may share its archive. */
export function anotherAgent(archive: TestArchive): Promise<TestAgent> {
  return approvedAgent(archive, { hostName: `PC ${randomUUID()}` });
}

/** Sets the clock to noon again. */
export function backToNoon({ services }: TestArchive): void {
  services.advance(NOON.getTime() - services.now().getTime());
}

export interface BegunRun {
  readonly runId: string;
  readonly correlationId: string;
}

export async function begunRun(
  archive: TestArchive,
  agent: TestAgent,
  correlationId: string = randomUUID(),
): Promise<BegunRun> {
  const body = { jobId: agent.jobId, correlationId, trigger: 'schedule' } as const;
  const { runId } = await begin(archive.services, agent, body);
  return { runId, correlationId };
}

export function heartbeatBody(more: Partial<HeartbeatBody> = {}): HeartbeatBody {
  return {
    instanceNonce: 'process-one',
    agentVersion: '0.1.0',
    hostName: 'ARGO3',
    platform: 'win32 x64',
    timeZone: 'Australia/Sydney',
    status: 'idle',
    active_jobs: [],
    azureFilesStatus: 'ok',
    clock: '2026-11-22T12:00:00.000Z',
    credentialExpiresAt: '2099-01-01T00:00:00.000Z',
    acknowledgedCommandIds: [],
    jobs: [],
    inFlight: [],
    ...more,
  };
}

/** A result as an agent reports it: archived, unless told otherwise. */
export function resultOf(path: string, more: Partial<FileResult> = {}): FileResult {
  return {
    path,
    outcome: 'archived',
    sizeBytes: 1000,
    mtimeMs: 1_769_000_000_000,
    sha256: sha256(path),
    archivedPath: path,
    etag: '"0x1"',
    shareModifiedAt: '2026-11-22T12:00:00.000Z',
    bytesSent: 1000,
    attempts: 1,
    error: null,
    ...more,
  };
}

/** A result of a file that is not on the share. */
export function unarchived(
  path: string,
  outcome: FileResult['outcome'],
  more: Partial<FileResult> = {},
): FileResult {
  const nothing = { sha256: null, archivedPath: null, etag: null, shareModifiedAt: null, bytesSent: 0 };
  return resultOf(path, { outcome, ...nothing, error: outcome, ...more });
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function askedShares(): AskedShares {
  const asked: string[] = [];
  const ask = async (what: string): Promise<void> => {
    asked.push(what);
    if (shares.fails) throw new ShareError('unreachable', 'the storage account does not answer');
  };
  const shares: AskedShares = {
    asked,
    fails: false,
    ensureShare: (shareName) => ask(`ensure ${shareName}`),
    revokeCredentials: (shareName) => ask(`revoke ${shareName}`),
    issueCredential: async (shareName, now): Promise<Credential> => {
      await ask(`issue ${shareName}`);
      const expiresAt = new Date(now.getTime() + 24 * 3_600_000).toISOString();
      return { shareName, shareUrl: `https://files.example.org/${shareName}`, sas: 'sig=secret', expiresAt };
    },
    exchangedAt: undefined,
    keyExchangedAt: () => shares.exchangedAt,
    listPage: async () => ({ entries: [], nextMarker: undefined }),
    fileFacts: async () => undefined,
    fileSha256: async () => undefined,
    usage: async (shareName) => {
      await ask(`usage ${shareName}`);
      return { usedBytes: 1_000_000, quotaBytes: 5 * 1024 ** 4 };
    },
    listSnapshots: async () => {
      await ask('snapshots');
      return [];
    },
    takeSnapshot: (shareName) => ask(`snapshot ${shareName}`),
    deleteSnapshot: ({ snapshot }) => ask(`delete snapshot ${snapshot}`),
    ping: () => ask('ping'),
  };
  return shares;
}
