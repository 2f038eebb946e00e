import { createServer, type IncomingMessage } from 'node:http';
import { asError, readBody } from './servers/serving.ts';

/** What the bench decides for the agent under test. */
export interface BenchJob {
  readonly sourcePath: string;
  readonly shareName: string;
  readonly shareUrl: string;
  readonly sas: string;
}

export interface BenchControlPlane {
  readonly url: string;
  /** `everything`: the index is empty; `nothing`: the index holds all. */
  need: 'everything' | 'nothing';
  /** What a run is told to be sealed. */
  sealed: readonly { readonly folder: string; readonly fileCount: number }[];
  /** Milliseconds from the last begin to the end of its run. */
  lastRunMs(): number;
  /** Bytes of compare requests in the last run. */
  lastCompareBytes(): number;
  close(): void;
}

/**
 * A control plane that costs nothing, so that what is measured is the agent: it approves at once, answers every
 * comparison from one word and takes every result.
 */
export async function startBenchControlPlane(job: BenchJob): Promise<BenchControlPlane> {
  const state = { beganAt: 0, runMs: Number.NaN, compareBytes: 0, runs: 0 };
  const plane: Pick<BenchControlPlane, 'need' | 'sealed'> = { need: 'everything', sealed: [] };
  const answer = (path: string, text: string): unknown => {
    const body = JSON.parse(text) as Body;
    if (path.endsWith('/enrol'))
      return { enrolmentId: 'e-1', status: 'approved', runnerId: 'bench', pollSeconds: 1 };
    if (path.endsWith('/heartbeat')) return heartbeatAnswer(job);
    if (path.endsWith('/runs')) {
      state.beganAt = performance.now();
      state.compareBytes = 0;
      state.runs += 1;
      return {
        runId: `bench-${String(state.runs)}`,
        resumed: false,
        status: 'running',
        sealedFolders: plane.sealed,
      };
    }
    if (path.endsWith('/compare')) {
      state.compareBytes += text.length;
      return compareAnswer(body, plane.need);
    }
    if (body.closing !== undefined) state.runMs = performance.now() - state.beganAt;
    return {
      status: body.closing === undefined ? 'running' : 'complete',
      filesArchived: 0,
      filesSkipped: 0,
      filesFailed: 0,
    };
  };
  const server = createServer((request: IncomingMessage, response) => {
    readBody(request).then(
      (text) => {
        const status =
          request.url?.endsWith('/enrol') === true
            ? 202
            : request.url?.endsWith('/runs') === true
              ? 201
              : 200;
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer(request.url ?? '', text)));
      },
      (error: unknown) => response.destroy(asError(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(plane, {
    url: `http://127.0.0.1:${String(port)}`,
    lastRunMs: () => state.runMs,
    lastCompareBytes: () => state.compareBytes,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

interface Body {
  readonly closing?: unknown;
  readonly folders?: readonly {
    readonly folder: string;
    readonly files?: readonly { readonly path: string }[];
  }[];
}

function heartbeatAnswer(job: BenchJob): unknown {
  const { shareName, shareUrl, sas, sourcePath } = job;
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  return {
    runnerId: 'bench',
    serverTime: new Date().toISOString(),
    heartbeatSeconds: 60,
    credentials: [{ shareName, shareUrl, sas, expiresAt: inAnHour }],
    jobs: [
      {
        jobId: 'bench.job',
        name: 'job',
        kind: 'tree',
        sourcePath,
        shareName,
        sharePath: '',
        scheduleSeconds: 3600,
        include: [],
        exclude: [],
        sourceCap: null,
        enabled: true,
        pausedReason: null,
        configVersion: 1,
      },
    ],
    commands: [],
  };
}

function compareAnswer(body: Body, need: 'everything' | 'nothing'): unknown {
  const folders = body.folders ?? [];
  if (need === 'nothing') return { changedFolders: [], needed: [] };
  return {
    changedFolders: folders.filter((folder) => folder.files === undefined).map((folder) => folder.folder),
    needed: folders.flatMap((folder) => folder.files ?? []).map((file) => file.path),
  };
}
