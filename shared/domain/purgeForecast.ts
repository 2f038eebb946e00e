import { ageText, countText } from './age.ts';
import {
  isIdle,
  leastHoursFor,
  mostProducedIn,
  paceOf,
  type ProductionCounts,
  type PurgePace,
} from './purgePace.ts';

/** What is known of a job's source; what is not known is null and never guessed. */
export interface SourceFacts extends ProductionCounts {
  readonly scheduleSeconds: number;
  /** When the agent counted, on the server's clock. */
  readonly measuredAt: Date | null;
  readonly sourceCount: number | null;
  /** Files that the cap counts, where not all of them are the job's. */
  readonly countedByInstrument?: number | null;
  readonly backlogCount: number | null;
  readonly backlogBytes: number | null;
  /** Files that the instrument deletes before the oldest unarchived one. */
  readonly purgeAhead: number | null;
  readonly uploadBytesPerSecond: number | null;
  readonly uploadFilesPerHour: number | null;
}

/** When the source deletes the oldest file that is not archived yet. `none`: nothing waits, or nothing is deleted. */
export interface PurgeForecast {
  readonly state: 'unknown' | 'none' | 'forecast';
  readonly purgeAt: Date | null;
  readonly hoursLeft: number | null;
  readonly needSeconds: number | null;
  readonly assumedPerHour: number | null;
  readonly isAtRisk: boolean;
  readonly sentence: string;
}

const HOUR_MS = 3_600_000;
/** A night: whoever is told in the evening can act in the morning. Half of a file's time on a source that keeps less than a day. */
const NOTICE_HOURS = 12;
const NOTICE_PART_OF_BUFFER = 0.5;
/** Archiving the backlog may go half as fast as it went last: a share that throttles, a line that others use. */
const NEED_MARGIN = 2;
/** Beyond its schedule a measurement may be this late before what it said last is not believed to stand. */
const GRACE_MS = 15 * 60_000;
/** Of agents that have not uploaded yet: a slow line. */
const ASSUMED_FILES_PER_HOUR = 3600;
const ASSUMED_BYTES_PER_SECOND = 1_000_000;
/** What the promise leaves: two hours for files that come all at once within one, six minutes for the sweeper's distance. */
const PROMISE_LESS_HOURS = 2.1;

/**
 * Forecasts the purge from what was counted last, on the side of caution: since then the instrument is thought to have
 * produced as fast as it ever did in four weeks, and nothing to have been archived. An idle instrument without backlog is never
 * at risk; a silent agent is, once what it may have missed is in danger. docs/purge-forecast.md has the rule in words.
 */
export function forecastPurge(source: SourceFacts, now: Date): PurgeForecast {
  const { sourceCap: cap, sourceCount: count, backlogCount: backlog, measuredAt } = source;
  if (cap === null) return without('none', 'The job has no cap of files: nothing is known to be deleted.');
  if (count === null || backlog === null || measuredAt === null)
    return without('unknown', 'The agent has not measured the source yet.');
  if (backlog === 0 && isFresh(source, now)) return without('none', 'Nothing waits to be archived.');
  const pace = paceOf(source);
  if (pace === undefined)
    return without('unknown', 'This agent does not say how fast files are produced; a newer version does.');
  const files = filesUntilPurge(source);
  if (files === undefined)
    return without('unknown', 'This agent does not say which file is deleted next; a newer version does.');
  if (pace.perHour === 0 && !isIdle(source))
    return without(
      'unknown',
      'Nothing was produced since counting began, so that nobody knows how fast files come.',
    );
  if (pace.perHour === 0)
    return without('none', 'Nothing was produced for weeks, so that nothing is being deleted.');
  return forecastOf(source, { files, pace, measuredAt, cap }, now);
}

/** Files that may still be produced before the first unarchived one goes: that one's own deletion is by the last of them. */
export function filesUntilPurge(source: SourceFacts): number | undefined {
  const { sourceCap: cap, sourceCount: count, backlogCount: backlog } = source;
  if (cap === null || count === null || backlog === null) return undefined;
  // Nothing waited: the first file after the measurement is the one that may be lost, after every other.
  if (backlog === 0) return cap + 1;
  const ahead = source.purgeAhead ?? (backlog >= count ? 0 : undefined);
  return ahead === undefined
    ? undefined
    : Math.max(0, cap - (source.countedByInstrument ?? count) + ahead + 1);
}

/** How long before a loss the forecast is at risk at the latest, in hours, if no hour and no day brings more than ever seen. */
export function promisedWarningHours(source: SourceFacts): number {
  const pace = paceOf(source);
  if (pace === undefined || source.sourceCap === null) return 0;
  const buffer = leastHoursFor(source.sourceCap + 1, pace);
  const unseen = buffer - freshMs(source) / HOUR_MS;
  return Math.max(0, Math.min(noticeHours(buffer), unseen) - PROMISE_LESS_HOURS);
}

interface Known {
  readonly files: number;
  readonly pace: PurgePace;
  readonly measuredAt: Date;
  readonly cap: number;
}

function forecastOf(source: SourceFacts, { files, pace, measuredAt, cap }: Known, now: Date): PurgeForecast {
  const purgeAt = new Date(measuredAt.getTime() + Math.floor(leastHoursFor(files, pace) * HOUR_MS));
  const hoursLeft = Math.max(0, (purgeAt.getTime() - now.getTime()) / HOUR_MS);
  const unseenFiles = isFresh(source, now) ? 0 : mostProducedIn(ageHours(source, now), pace);
  const needSeconds = needOf(source, unseenFiles);
  const buffer = leastHoursFor(cap + 1, pace);
  const alarmHours = Math.max(noticeHours(buffer), (NEED_MARGIN * needSeconds) / 3600);
  return {
    state: 'forecast',
    purgeAt,
    hoursLeft,
    needSeconds,
    assumedPerHour: pace.perHour,
    isAtRisk: hoursLeft < alarmHours,
    sentence: sentenceOf(source, { hoursLeft, needSeconds, pace }, now),
  };
}

function noticeHours(bufferHours: number): number {
  return Math.min(NOTICE_HOURS, NOTICE_PART_OF_BUFFER * bufferHours);
}

/** Seconds to archive what waits, and what may have come since a measurement that is no longer fresh. */
function needOf(source: SourceFacts, unseenFiles: number): number {
  const backlog = source.backlogCount ?? 0;
  const files = backlog + Math.ceil(unseenFiles);
  const bytes = backlog === 0 ? 0 : ((source.backlogBytes ?? 0) / backlog) * files;
  const filesPerHour = source.uploadFilesPerHour ?? ASSUMED_FILES_PER_HOUR;
  const bytesPerSecond = source.uploadBytesPerSecond ?? ASSUMED_BYTES_PER_SECOND;
  return Math.ceil(Math.max((files * 3600) / Math.max(1, filesPerHour), bytes / Math.max(1, bytesPerSecond)));
}

function sentenceOf(
  source: SourceFacts,
  { hoursLeft, needSeconds, pace }: { hoursLeft: number; needSeconds: number; pace: PurgePace },
  now: Date,
): string {
  const backlog = source.backlogCount ?? 0;
  const rate = `at ${countText(Math.ceil(pace.perHour), 'file')} an hour`;
  const when = hoursLeft === 0 ? 'may be deleted already' : `is deleted in about ${spanText(hoursLeft)}`;
  if (!isFresh(source, now)) {
    const silent = `The source was last measured ${ageText(ageHours(source, now) * HOUR_MS)} ago`;
    return `${silent}; ${rate} the oldest unarchived file ${when}.`;
  }
  const wait = `${countText(backlog, 'file')} ${backlog === 1 ? 'waits' : 'wait'}`;
  const need = `archiving ${backlog === 1 ? 'it' : 'them'} takes about ${ageText(needSeconds * 1000)}`;
  return `${wait}; ${rate} the oldest ${hoursLeft === 0 ? 'is deleted next' : when}, and ${need}.`;
}

function spanText(hours: number): string {
  return ageText(hours * HOUR_MS);
}

export function ageHours({ measuredAt }: SourceFacts, now: Date): number {
  return measuredAt === null ? 0 : Math.max(0, now.getTime() - measuredAt.getTime()) / HOUR_MS;
}

function freshMs({ scheduleSeconds }: SourceFacts): number {
  return scheduleSeconds * 1000 + GRACE_MS;
}

/** Measured as lately as its schedule promises, and a quarter of an hour more. */
export function isFresh(source: SourceFacts, now: Date): boolean {
  return ageHours(source, now) * HOUR_MS <= freshMs(source);
}

function without(state: 'unknown' | 'none', sentence: string): PurgeForecast {
  const nothing = { purgeAt: null, hoursLeft: null, needSeconds: null, assumedPerHour: null };
  return { state, ...nothing, isAtRisk: false, sentence };
}
