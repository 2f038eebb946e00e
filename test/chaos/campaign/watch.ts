import { setTimeout as sleep } from 'node:timers/promises';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ShareServiceClient } from '@azure/storage-file-share';
import {
  alerts,
  type AlertSummary,
  createAlertRule,
  createChannel,
} from '../../../shared/contract/alerts.ts';
import { runner as runnerPage, syncNow } from '../../../shared/contract/fleet.ts';
import { foldLedger, type LedgerFile } from '../../../local/fleet/ledger.ts';
import { ledgerOf } from './archived.ts';
import { addFault, type Field, pidOf, removeFault, signal } from './field.ts';
import type { Sink } from './sink.ts';
import { until } from './until.ts';

/** An alert that somebody must have been told of, because the campaign did on purpose what it is for. */
export interface Expectation {
  readonly what: string;
  readonly isMet: (alert: AlertSummary) => boolean;
  /** Lines of the agent that say what became of it, for when nobody was told. */
  readonly evidence: () => Promise<readonly string[]>;
}

const PATIENCE_MS = 240_000;
const COLLECTING_MS = 20_000;
const SETTLED_MS = 10_000;
const DECIDED_WITHIN_MS = 60_000;
/** Files that may turn out to have been open when they were deleted. */
const MOST_ATTEMPTS = 3;
const MOST_LINES = 30;

/** Everything that anybody is told goes to the sink, by the first host that answers. */
export async function tellSink({ platform }: Field, sink: Sink): Promise<void> {
  const { channel } = await platform.client.call(createChannel, {
    body: {
      kind: 'webhook',
      name: 'campaign',
      enabled: true,
      url: sink.url,
      signingKey: 'campaign-signing-key',
    },
  });
  const match = { minSeverity: 'info', classes: ['operational', 'security', 'data_loss'] } as const;
  await platform.client.call(createAlertRule, {
    body: {
      name: 'everything',
      position: 0,
      enabled: true,
      match: { ...match, classes: [...match.classes] },
      routes: [{ channelId: channel.channelId, recipients: [] }],
    },
  });
}

export async function allAlerts({ platform }: Field): Promise<AlertSummary[]> {
  const found: AlertSummary[] = [];
  let cursor: string | undefined;
  do {
    const query = { status: 'all', limit: 500, ...(cursor === undefined ? {} : { cursor }) } as const;
    const page = await platform.client.call(alerts, { query });
    found.push(...page.alerts);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

/** A PC that stands still for longer than a silent runner may be: an alert, and an all-clear when it speaks again. */
export async function silenceRunner(field: Field, runner: string, silentMs: number): Promise<Expectation> {
  const pid = await pidOf(field, `agent-${runner}`);
  signal(pid, 'SIGSTOP');
  await sleep(silentMs);
  signal(pid, 'SIGCONT');
  return {
    what: `${runner} was silent for ${String(Math.round(silentMs / 1000))} s`,
    isMet: ({ fingerprint, runnerId }) => runnerId === runner && fingerprint.startsWith('runner-offline'),
    evidence: async () => linesAbout(field, runner, 'heartbeat'),
  };
}

/**
 * Has a file lost: deletes one that waits to be archived, as an instrument would that is full. One that the agent had opened
 * meanwhile is archived for all that (F15), and then it is another's turn. Undefined when no file waited within patience,
 * or all were open: then nothing was lost.
 */
export async function loseFile(field: Field, runner: string): Promise<Expectation | undefined> {
  const isMet = (alert: AlertSummary): boolean => alert.class === 'data_loss' && alert.runnerId === runner;
  for (let attempt = 1; ; attempt += 1) {
    const path = await deleteWaiting(field, runner);
    if (path === undefined) return undefined;
    const isOnShare = async () => isWhole(field, runner, path);
    const isDecided = async () => (await allAlerts(field)).some(isMet) || (await isOnShare());
    await until(isDecided, DECIDED_WITHIN_MS, 500);
    if (!(await isOnShare())) {
      const what = `${path} of ${runner} was deleted before it was archived`;
      return { what, isMet, evidence: async () => linesAbout(field, runner, path) };
    }
    field.say(`  (${path} was open already, and is archived: another one)`);
    // Nothing was lost, so that nobody has anything to be told.
    if (attempt === MOST_ATTEMPTS) return undefined;
  }
}

/** The share takes nothing of this runner meanwhile. */
async function deleteWaiting(field: Field, runner: string): Promise<string | undefined> {
  const match = { operation: 'CreateFile', path: `/runner-${runner}/` } as const;
  // Refused at once, so that a cycle ends and more files wait than the next one takes at the same time.
  const refusing = await addFault(field, { match, action: { kind: 'shareFull' } });
  await sleep(COLLECTING_MS);
  const holding = await addFault(field, { match, action: { kind: 'throttle' } });
  if (refusing !== undefined) await removeFault(field, refusing);
  await until(() => syncAllJobs(field, runner), PATIENCE_MS);
  const path = await waitingFile(field, runner);
  if (path !== undefined) {
    await rm(join(field.platform.dataDir, 'fleet', runner.toUpperCase(), path));
    const line = { event: 'vanished', path, at: new Date().toISOString() };
    await appendFile(ledgerOf(field, runner), `${JSON.stringify(line)}\n`);
  }
  if (holding !== undefined) await removeFault(field, holding);
  return path;
}

/** Whether a file is whole on the share; it is not while the share does not answer. */
async function isWhole({ platform }: Field, runnerId: string, path: string): Promise<boolean> {
  const { runner } = await platform.client.call(runnerPage, { params: { runnerId } });
  const service = ShareServiceClient.fromConnectionString(platform.credentials.files.connectionString);
  const looks = runner.jobs.map(async ({ shareName, sharePath }) => {
    const root = service.getShareClient(shareName).rootDirectoryClient;
    const { fileAttributes = '' } = await root.getFileClient(join(sharePath, path)).getProperties();
    return fileAttributes.includes('ReadOnly');
  });
  return Promise.any(looks).catch(() => false);
}

async function linesAbout({ platform }: Field, runner: string, text: string): Promise<readonly string[]> {
  const log = await readFile(join(platform.dataDir, 'logs', `agent-${runner}.log`), 'utf8');
  return log
    .split('\n')
    .filter((line) => line.includes(text))
    .slice(-MOST_LINES);
}

async function syncAllJobs({ platform }: Field, runnerId: string): Promise<boolean> {
  const { runner } = await platform.client.call(runnerPage, { params: { runnerId } });
  for (const { jobId } of runner.jobs) await platform.client.call(syncNow, { params: { runnerId, jobId } });
  return true;
}

/** A finished file that the agent knows of and has not begun to read: an open file is archived though it is deleted. */
async function waitingFile(field: Field, runner: string): Promise<string | undefined> {
  let found: string | undefined;
  let seen = 'the page of the runner was never answered';
  const isFound = async (): Promise<boolean> => {
    const { inFlight } = await field.platform.client.call(runnerPage, { params: { runnerId: runner } });
    const waiting = inFlight.filter(({ state, attempts }) => state === 'waiting' && attempts === 0);
    const files = await foldLedger(ledgerOf(field, runner));
    // The last in the queue has the most time left; nothing odd about it: an instrument's file like any other.
    found = waiting.map(({ path }) => path).findLast((path) => isPlain(files.get(path)));
    seen = `of ${String(inFlight.length)} files in flight ${String(waiting.length)} wait untried`;
    return found !== undefined;
  };
  if (!(await until(isFound, PATIENCE_MS, 500))) field.say(`  (no file to lose: ${seen})`);
  return found;
}

/** What goes within the agents' quiet time was a passing file, and no loss. */
function isPlain(file: LedgerFile | undefined): boolean {
  const [version, ...others] = file?.versions ?? [];
  if (version === undefined || others.length > 0) return false;
  const isSettled = Date.now() - Date.parse(version.finishedAt) > SETTLED_MS;
  return isSettled && file?.expect === 'archived' && file.gone === undefined;
}
