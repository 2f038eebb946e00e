import { ageText, countText } from './age.ts';
import { isClockWrong } from './clockOffset.ts';
import { presenceOf } from './presence.ts';
import { attention, danger, type Risk, safe, worstOf } from './risk.ts';

export type AzureFilesStatus = 'ok' | 'auth_failure' | 'unreachable' | 'throttled' | 'full';

/** What is known of a runner, with the risk of each of its enabled jobs. */
export interface RunnerState {
  readonly status: 'active' | 'disabled';
  readonly lastHeartbeatAt: Date | null;
  readonly azureFilesStatus: AzureFilesStatus | null;
  readonly clockOffsetMs: number | null;
  /** Files not archived when last heard of, over all enabled jobs. */
  readonly backlogCount: number;
  readonly jobs: ReadonlyArray<{ readonly name: string; readonly risk: Risk }>;
  /** Titles of its unresolved critical alerts that no job's risk tells already. */
  readonly criticalAlerts: readonly string[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Whether a runner's files are at risk: the worst of its alerts, its presence, its access to the share, its jobs and its clock. */
export function assessRunner(runner: RunnerState, now: Date): Risk {
  if (runner.status === 'disabled') {
    return attention(
      'Disabled: nothing of this instrument is archived.',
      'Enable the runner if its files matter.',
    );
  }
  const alerts = runner.criticalAlerts.map((title) =>
    danger(`${title}.`, 'Open the alert: it says what to do.'),
  );
  const jobs = runner.jobs.map(({ name, risk }) => named(runner.jobs.length > 1 ? name : undefined, risk));
  const own = [
    ...alerts,
    assessPresence(runner, now),
    assessShareAccess(runner),
    ...jobs,
    assessClock(runner),
  ];
  return worstOf(restOf(jobs), ...own.filter((risk) => risk !== undefined));
}

/** What is said when nothing is wrong. */
function restOf(jobs: readonly Risk[]): Risk {
  const [only, ...others] = jobs;
  if (only === undefined) return safe('No job to do.');
  return others.length === 0 && only.level === 'safe'
    ? only
    : safe('Nothing waits, or only for the next run.');
}

function assessPresence(runner: RunnerState, now: Date): Risk | undefined {
  const presence = presenceOf(runner.lastHeartbeatAt, now);
  if (presence === 'online') return undefined;
  if (runner.lastHeartbeatAt === null) {
    return attention(
      'Its agent was not heard of yet.',
      'Start the agent on the instrument PC, and approve it if it waits.',
    );
  }
  const silentMs = now.getTime() - runner.lastHeartbeatAt.getTime();
  const act = 'Is the PC on, its agent running, and the server reachable from there?';
  if (presence === 'late') return attention(`Last heard of ${ageText(silentMs)} ago.`, act);
  const { backlogCount } = runner;
  if (backlogCount > 0) {
    const files = countText(backlogCount, 'file');
    return danger(`Silent for ${ageText(silentMs)}, with ${files} not archived when last heard of.`, act);
  }
  const sentence = `Silent for ${ageText(silentMs)}; whether it wrote files since is not known.`;
  return silentMs > DAY_MS ? danger(sentence, act) : attention(sentence, act);
}

function assessShareAccess(runner: RunnerState): Risk | undefined {
  const fault = runner.azureFilesStatus === null ? undefined : shareFaults[runner.azureFilesStatus];
  if (fault === undefined) return undefined;
  return runner.backlogCount > 0 && fault.isLasting
    ? danger(`${fault.sentence} ${countText(runner.backlogCount, 'file')} not archived.`, fault.action)
    : attention(fault.sentence, fault.action);
}

const shareFaults: Readonly<
  Record<AzureFilesStatus, { sentence: string; action: string; isLasting: boolean } | undefined>
> = {
  ok: undefined,
  auth_failure: {
    sentence: 'The share refuses its credential.',
    action:
      'A new credential comes with the next heartbeat; if it is refused too, look at the storage account’s keys.',
    isLasting: true,
  },
  unreachable: {
    sentence: 'It cannot reach the share.',
    action: 'Look at the site’s network and firewall, and at the storage account’s health.',
    isLasting: true,
  },
  throttled: {
    sentence: 'The share slows it down.',
    action: 'Nothing at once: it goes on, slowly. If it stays so, raise the storage account’s limits.',
    isLasting: false,
  },
  full: { sentence: 'The share is full.', action: 'Raise the share’s quota.', isLasting: true },
};

function assessClock(runner: RunnerState): Risk | undefined {
  const offsetMs = runner.clockOffsetMs ?? 0;
  if (!isClockWrong(offsetMs)) return undefined;
  const way = offsetMs > 0 ? 'ahead' : 'behind';
  return attention(
    `Its clock is ${ageText(Math.abs(offsetMs))} ${way}.`,
    'Set the PC’s clock: the share refuses requests from another time.',
  );
}

/** When an instrument deletes something unarchived, and how long archiving what waits takes; null: never, or not known. */
interface Purge {
  readonly hoursLeft: number | null;
  readonly needSeconds: number | null;
}

/** What comes later than this is no news: with one file waiting, a full source is weeks from losing it. */
const NEAR_HOURS = 7 * 24;

export interface FleetState {
  readonly runners: ReadonlyArray<{
    readonly name: string;
    readonly isCounted: boolean;
    readonly risk: Risk;
    /** Of its jobs. */
    readonly purges: readonly Purge[];
  }>;
  readonly pendingAgents: number;
  /** Titles of unresolved critical alerts that belong to no runner. */
  readonly criticalAlerts: readonly string[];
}

/** The one sentence over the whole fleet. Disabled runners do not count. */
export function assessFleet(fleet: FleetState): Risk {
  const counted = fleet.runners.filter((runner) => runner.isCounted);
  const [platform] = fleet.criticalAlerts;
  if (platform !== undefined) return danger(`${platform}.`, 'Open the alert: it says what to do.');
  if (counted.length === 0) return nobody(fleet.pendingAgents);
  const worst = worstOf(safe(''), ...counted.map((runner) => runner.risk));
  if (worst.level === 'safe') return allSafe(counted);
  const alike = counted.filter((runner) => runner.risk.level === worst.level);
  const first = counted.find((runner) => runner.risk === worst);
  const share = `${String(alike.length)} of ${countText(counted.length, 'instrument')}`;
  const state = worst.level === 'danger' ? 'at risk' : 'in need of attention';
  const sentence = `${share} ${alike.length === 1 ? 'is' : 'are'} ${state}: ${first?.name ?? ''}: ${worst.sentence}`;
  return { level: worst.level, sentence, action: worst.action };
}

function nobody(pendingAgents: number): Risk {
  if (pendingAgents === 0) {
    return attention('No instrument is connected yet.', 'Install an agent on the first instrument PC.');
  }
  const wait = `${countText(pendingAgents, 'agent')} ${pendingAgents === 1 ? 'waits' : 'wait'}`;
  return attention(
    `No instrument is connected yet; ${wait} for approval.`,
    'Compare the pairing codes and approve.',
  );
}

function allSafe(runners: FleetState['runners']): Risk {
  const [only] = runners;
  const all =
    runners.length === 1 && only !== undefined
      ? `${only.name}, the one instrument, is safe.`
      : `All ${String(runners.length)} instruments are safe.`;
  return safe(`${all}${nearestPurge(runners)}`);
}

function nearestPurge(runners: FleetState['runners']): string {
  const [nearest] = runners
    .flatMap(({ name, purges }) =>
      purges.map((purge) => ({ name, ...purge, hours: purge.hoursLeft ?? Infinity })),
    )
    .filter(({ hours }) => hours <= NEAR_HOURS)
    .toSorted((a, b) => a.hours - b.hours);
  if (nearest === undefined) return '';
  const need =
    nearest.needSeconds === null
      ? ''
      : `; its backlog needs ${ageText(Math.max(1, nearest.needSeconds) * 1000)}`;
  return ` The nearest purge is ${nearest.name} in ${ageText(nearest.hours * 3_600_000)}${need}.`;
}

function named(name: string | undefined, risk: Risk): Risk {
  return name === undefined || risk.level === 'safe'
    ? risk
    : { ...risk, sentence: `${name}: ${risk.sentence}` };
}
