import { setTimeout as sleep } from 'node:timers/promises';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  alerts,
  type AlertSummary,
  createAlertRule,
  createChannel,
} from '../../../shared/contract/alerts.ts';
import { runner as runnerPage } from '../../../shared/contract/fleet.ts';
import { foldLedger, type LedgerFile } from '../../../local/fleet/ledger.ts';
import { ledgerOf } from './archived.ts';
import { addFault, type Field, pidOf, removeFault, signal } from './field.ts';
import type { Sink } from './sink.ts';
import { until } from './until.ts';

/** An alert that somebody must have been told of, because the campaign did on purpose what it is for. */
export interface Expectation {
  readonly what: string;
  readonly isMet: (alert: AlertSummary) => boolean;
}

const PATIENCE_MS = 240_000;
const SEEN_GONE_WITHIN_MS = 60_000;

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
  };
}

/**
 * Deletes a file that waits to be archived, as an instrument would that is full: a loss. The share takes nothing of
 * this runner meanwhile. Undefined when no file waited within patience: then nothing was deleted.
 */
export async function loseFile(field: Field, runner: string): Promise<Expectation | undefined> {
  const rule = {
    match: { operation: 'CreateFile', path: `/runner-${runner}/` },
    action: { kind: 'throttle' },
  } as const;
  const id = await addFault(field, rule);
  const path = await waitingFile(field, runner);
  if (path === undefined) {
    if (id !== undefined) await removeFault(field, id);
    return undefined;
  }
  await rm(join(field.platform.dataDir, 'fleet', runner.toUpperCase(), path));
  const line = { event: 'vanished', path, at: new Date().toISOString() };
  await appendFile(ledgerOf(field, runner), `${JSON.stringify(line)}\n`);
  const isMet = (alert: AlertSummary) => alert.class === 'data_loss' && alert.runnerId === runner;
  // The share takes files again only when a cycle has seen that it is gone.
  await until(async () => (await allAlerts(field)).some(isMet), SEEN_GONE_WITHIN_MS);
  if (id !== undefined) await removeFault(field, id);
  return { what: `${path} of ${runner} was deleted before it was archived`, isMet };
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

function isPlain(file: LedgerFile | undefined): boolean {
  return file?.expect === 'archived' && file.gone === undefined && file.versions.length === 1;
}
