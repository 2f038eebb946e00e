import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AgentCommand,
  beginRun,
  compareRun,
  completeRun,
  type Credential,
  enrolAgent,
  type FileResult,
  heartbeat,
  type JobConfiguration,
  jobGuard,
} from '../../shared/contract/agents.ts';
import type { BodyOf, Endpoint } from '../../shared/contract/endpoint.ts';
import { type ShippedLine, shipLogs } from '../../shared/contract/logs.ts';
import { type ProblemCode, problems } from '../../shared/contract/problems.ts';
import { agentUnseal } from '../../shared/contract/seals.ts';
import { agentKeyHash } from '../../shared/domain/agentKey.ts';
import { folderDigest } from '../../shared/domain/folderDigest.ts';
import { outcomes } from '../../shared/domain/outcomes.ts';
import { foldPath, pathKeyHex } from '../../shared/domain/paths.ts';

/** A run as the double keeps it. */
export interface FakeRun {
  readonly runId: string;
  readonly jobId: string;
  readonly correlationId: string;
  readonly trigger: string;
  status: 'running' | 'complete' | 'partial' | 'failed' | 'stale';
  error: string | null;
  readonly results: Map<string, FileResult>;
}

/** Answers of the double that are not the usual ones. */
interface Refusal {
  readonly endpoint?: string;
  readonly code: ProblemCode;
}

/**
 * The control plane's side of the archive protocol, in memory: for tests of the agent alone. What it takes and gives
 * is checked against the contract; the real one runs in the tests of the whole platform.
 */
export interface FakeControlPlane {
  readonly url: string;
  readonly runs: FakeRun[];
  readonly heartbeats: BodyOf<typeof heartbeat>[];
  readonly enrolments: BodyOf<typeof enrolAgent>[];
  /** Every line of agents' logs that was shipped, as often as it was. */
  readonly logs: ShippedLine[];
  /** Requests that the contract refuses: must stay empty. */
  readonly invalid: string[];
  /** The state index: source path → result. */
  readonly index: Map<string, FileResult>;
  /** Every result that was sent, in the order they came. */
  readonly told: FileResult[];
  /** Folders that `begin` says are sealed. */
  readonly sealed: Set<string>;
  readonly unseals: BodyOf<typeof agentUnseal>['folders'][number][];
  readonly guards: BodyOf<typeof jobGuard>[];
  approval: 'pending' | 'approved' | 'rejected';
  commands: AgentCommand[];
  refuse: Refusal | undefined;
  /** True: every connection is cut. */
  down: boolean;
  readonly jobs: readonly JobConfiguration[];
  setJobs(jobs: readonly JobConfiguration[]): void;
  /** Forgets keys, runs, index and digests, as a rebuilt database has. */
  forgetEverything(): void;
  resultsOf(path: string): FileResult[];
  close(): Promise<void>;
}

export interface FakeControlPlaneOptions {
  /** Issues a credential; asked when an agent holds none. */
  readonly issueCredential: () => Credential;
  readonly jobs?: readonly JobConfiguration[];
  readonly heartbeatSeconds?: number;
}

class Refused extends Error {
  readonly code: ProblemCode;
  readonly extra: Record<string, unknown> | undefined;
  constructor(code: ProblemCode, detail: string, extra?: Record<string, unknown>) {
    super(detail);
    this.code = code;
    this.extra = extra;
  }
}

export async function startFakeControlPlane(options: FakeControlPlaneOptions): Promise<FakeControlPlane> {
  const keys = new Set<string>();
  const digests = new Map<string, string>();
  let jobs = [...(options.jobs ?? [])];

  const plane = {
    runs: [] as FakeRun[],
    heartbeats: [] as BodyOf<typeof heartbeat>[],
    enrolments: [] as BodyOf<typeof enrolAgent>[],
    logs: [] as ShippedLine[],
    invalid: [] as string[],
    index: new Map<string, FileResult>(),
    told: [] as FileResult[],
    sealed: new Set<string>(),
    unseals: [] as BodyOf<typeof agentUnseal>['folders'][number][],
    guards: [] as BodyOf<typeof jobGuard>[],
    approval: 'approved' as FakeControlPlane['approval'],
    commands: [] as AgentCommand[],
    refuse: undefined as Refusal | undefined,
    down: false,
  };
  const held = (path: string, sizeBytes: number, mtimeMs: number) => {
    const row = plane.index.get(foldPath(path));
    return row?.sizeBytes === sizeBytes && row.mtimeMs === mtimeMs;
  };
  const sealedFolders = () => [...plane.sealed].map((folder) => ({ folder, fileCount: 0 }));
  const work: Record<string, (body: never, runId: string) => unknown> = {
    [enrolAgent.name]: (body: BodyOf<typeof enrolAgent>) => {
      plane.enrolments.push(body);
      if (plane.approval === 'approved') keys.add(body.keyHash);
      const runnerId = plane.approval === 'approved' ? (body.runnerId ?? 'runner-1') : null;
      return { enrolmentId: 'enrolment-1', status: plane.approval, runnerId, pollSeconds: 1 };
    },
    [heartbeat.name]: (body: BodyOf<typeof heartbeat>) => {
      plane.heartbeats.push(body);
      plane.commands = plane.commands.filter(
        ({ commandId }) => !body.acknowledgedCommandIds.includes(commandId),
      );
      const named = new Map(body.jobs.map((job) => [job.jobId, job.configVersion]));
      const same =
        named.size === jobs.length && jobs.every((job) => named.get(job.jobId) === job.configVersion);
      return {
        runnerId: 'runner-1',
        serverTime: new Date().toISOString(),
        heartbeatSeconds: options.heartbeatSeconds ?? 60,
        ...(body.credentialExpiresAt === null ? { credentials: [options.issueCredential()] } : {}),
        ...(same ? {} : { jobs }),
        commands: plane.commands,
      };
    },
    [shipLogs.name]: ({ lines }: BodyOf<typeof shipLogs>) => {
      plane.logs.push(...lines);
      return { accepted: lines.length, waitSeconds: 0 };
    },
    [beginRun.name]: (body: BodyOf<typeof beginRun>) => {
      const job = jobs.find(({ jobId }) => jobId === body.jobId);
      if (job === undefined) throw new Refused('not-found', 'no such job');
      const known = plane.runs.find(({ correlationId }) => correlationId === body.correlationId);
      if (known?.status === 'stale') throw new Refused('run-superseded', 'a newer run began');
      if (known !== undefined)
        return { runId: known.runId, resumed: true, status: known.status, sealedFolders: sealedFolders() };
      if (job.pausedReason !== null) throw new Refused('job-paused', job.pausedReason);
      for (const run of plane.runs)
        if (run.jobId === body.jobId && run.status === 'running') run.status = 'stale';
      const run: FakeRun = {
        ...body,
        runId: randomUUID(),
        status: 'running',
        error: null,
        results: new Map(),
      };
      plane.runs.push(run);
      return { runId: run.runId, resumed: false, status: run.status, sealedFolders: sealedFolders() };
    },
    [agentUnseal.name]: ({ folders }: BodyOf<typeof agentUnseal>) => {
      plane.unseals.push(...folders);
      return { unsealed: folders.filter(({ folder }) => plane.sealed.delete(folder)).length };
    },
    [jobGuard.name]: (body: BodyOf<typeof jobGuard>) => {
      plane.guards.push(body);
      const job = jobs.find(({ jobId }) => jobId === body.jobId);
      if (job === undefined) throw new Refused('not-found', 'no such job');
      const wanted = body.verdict === 'tripped' ? `Guard: ${body.reason}` : null;
      const changed = { ...job, pausedReason: wanted, configVersion: job.configVersion + 1 };
      const next = (job.pausedReason === null) === (wanted === null) ? job : changed;
      jobs = jobs.map((one) => (one === job ? next : one));
      return { configVersion: next.configVersion, pausedReason: next.pausedReason };
    },
    [compareRun.name]: (body: BodyOf<typeof compareRun>, runId) => {
      const run = findRun(plane.runs, runId);
      const changedFolders: string[] = [];
      const needed: { path: string; mtimeMs: number }[] = [];
      for (const { folder, digest, files } of body.folders) {
        const key = `${run.jobId} ${foldPath(folder)}`;
        if (files === undefined) {
          if (digest === null || digests.get(key) !== digest) changedFolders.push(folder);
          continue;
        }
        const computed = folderDigest(files.map((file) => ({ ...file, keyHex: pathKeyHex(file.path) })));
        if (digest !== null && computed !== digest)
          throw new Refused('invalid-request', 'the digest is not that of the files');
        const lacking = files.filter((file) => !held(file.path, file.sizeBytes, file.mtimeMs));
        if (lacking.length === 0 && digest !== null) digests.set(key, digest);
        needed.push(...lacking);
      }
      return { changedFolders, needed: needed.sort((a, b) => a.mtimeMs - b.mtimeMs).map(({ path }) => path) };
    },
    [completeRun.name]: (body: BodyOf<typeof completeRun>, runId) => {
      const run = findRun(plane.runs, runId);
      plane.told.push(...body.results);
      for (const result of body.results) takeResult(plane.index, run, result);
      const states = [...run.results.values()].map(({ outcome }) => outcomes[outcome].state);
      const failed = states.filter((state) => state === 'failed').length;
      if (body.closing !== undefined) {
        if (run.results.size < body.closing.expectedResults)
          throw new Refused('results-missing', 'results are missing', { missing: [] });
        run.error = body.closing.error;
        if (run.status === 'running') run.status = failed > 0 || run.error !== null ? 'partial' : 'complete';
      }
      const count = (wanted: string) => states.filter((state) => state === wanted).length;
      return {
        status: run.status,
        filesArchived: count('archived'),
        filesSkipped: count('skipped'),
        filesFailed: failed,
      };
    },
  };
  const endpoints: readonly Endpoint[] = [
    enrolAgent,
    heartbeat,
    beginRun,
    compareRun,
    completeRun,
    shipLogs,
    agentUnseal,
    jobGuard,
  ];

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const matched = endpoints.find(({ path: template }) => pattern(template).test(path));
    if (matched === undefined) throw new Refused('not-found', path);
    if (plane.refuse !== undefined && (plane.refuse.endpoint ?? matched.name) === matched.name)
      throw new Refused(plane.refuse.code, 'refused by the test');
    if (
      matched.callers.includes('agent') &&
      !keys.has(agentKeyHash((request.headers.authorization ?? '').replace('Bearer ', '')))
    )
      throw new Refused('agent-key-unknown', 'no such key');
    const text = await bodyOf(request);
    const body = matched.body.safeParse(JSON.parse(text));
    if (!body.success || text.length > (matched.maxBodyBytes ?? 65_536)) {
      plane.invalid.push(`${matched.name}: ${body.error?.message ?? 'too large'}`);
      throw new Refused('invalid-request', body.error?.message ?? 'too large');
    }
    const response = work[matched.name]?.(body.data as never, pattern(matched.path).exec(path)?.[1] ?? '');
    return { status: matched.status ?? 200, body: matched.response.parse(response) };
  };
  const server = createServer((request, response) => {
    if (plane.down) {
      request.socket.destroy();
      return;
    }
    answer(request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => sendProblem(response, error),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return withParts(plane, {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    get jobs() {
      return jobs;
    },
    setJobs: (next: readonly JobConfiguration[]) => {
      jobs = [...next];
    },
    forgetEverything: () => {
      keys.clear();
      digests.clear();
      plane.index.clear();
      plane.runs.length = 0;
    },
    resultsOf: (path: string) =>
      plane.runs.flatMap((run) => [...run.results.values()]).filter((result) => result.path === path),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** `Object.assign` would take the value of a getter. */
function withParts<A extends object, B extends object>(to: A, parts: B): A & B {
  return Object.defineProperties(to, Object.getOwnPropertyDescriptors(parts)) as A & B;
}

function takeResult(index: Map<string, FileResult>, run: FakeRun, result: FileResult): void {
  const key = result.outcome === 'name_case_conflict' ? `exact ${result.path}` : foldPath(result.path);
  run.results.set(key, result);
  if (outcomes[result.outcome].state !== 'archived') return;
  const known = index.get(key);
  if (known === undefined || (known.shareModifiedAt ?? '') <= (result.shareModifiedAt ?? ''))
    index.set(key, result);
}

function findRun(runs: readonly FakeRun[], runId: string): FakeRun {
  const run = runs.find((one) => one.runId === runId);
  if (run === undefined) throw new Refused('run-unknown', runId);
  if (run.status === 'stale') throw new Refused('run-superseded', runId);
  return run;
}

function pattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const code = error instanceof Refused ? error.code : 'internal';
  const { status, title } = problems[code];
  const detail = error instanceof Error ? error.message : String(error);
  const extra = error instanceof Refused && error.extra !== undefined ? { extra: error.extra } : {};
  send(
    response,
    status,
    { type: `urn:datasync:problem:${code}`, title, status, detail, code, ...extra },
    'application/problem+json',
  );
}
