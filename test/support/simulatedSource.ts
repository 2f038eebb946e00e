import { forecastPurge, promisedWarningHours, type SourceFacts } from '../../shared/domain/purgeForecast.ts';

/** One instrument with an agent, in whole minutes and counts of files: what the purge forecast is held against. */
export interface SimulatedSource {
  readonly seed: number;
  readonly minutes: number;
  /** Files before the oldest is deleted for each new one. */
  readonly cap: number;
  /** No hour brings more, and no 24 h; both are known from before. */
  readonly peakHour: number;
  readonly peakDay: number;
  readonly scheduleMinutes: number;
  readonly uploadsPerMinute: number;
  /** Part of a working hour's files that come in one minute. */
  readonly clumping: number;
  readonly works: (minute: number) => boolean;
  readonly faults: readonly Fault[];
}

export interface Fault {
  /** `dead`: no agent; `share`: nothing can be uploaded; `server`: nobody hears; `slow`: a tenth of the speed; `stuck`: one file cannot be read. */
  readonly kind: 'dead' | 'share' | 'server' | 'slow' | 'stuck';
  readonly from: number;
  readonly to: number;
}

export interface SimulationResult {
  /** Files that were deleted unarchived. */
  readonly lost: number;
  /** For each stretch of losses: how long the alert had been open before the first of them; −1: it was not. */
  readonly warningMinutes: readonly number[];
  readonly promisedMinutes: number;
  readonly alertMinutes: number;
}

const SWEEP_MINUTES = 5;
const START = Date.UTC(2026, 0, 5);

/** Plays a source through; the same options always give the same result. */
export function simulateSource(options: SimulatedSource): SimulationResult {
  const random = seeded(options.seed);
  const state = { produced: 0, purged: 0, archived: 0, stuck: -1, target: 0, nextCycle: 0, inCycle: false };
  const hour = slidingSum(60);
  const day = slidingSum(24 * 60);
  // What the agent saw when its cycle began; at the end it knows what of that is archived, and nothing newer.
  let seen = { ...state, lastHour: 0, lastDay: 0, minute: 0 };
  let measured = measure(options, seen);
  let heard = measured;
  let alertSince = -1;
  let lost = 0;
  let lastLossAt = -Infinity;
  let alertMinutes = 0;
  const warningMinutes: number[] = [];
  const has = (kind: Fault['kind'], minute: number): boolean =>
    options.faults.some((fault) => fault.kind === kind && minute >= fault.from && minute < fault.to);

  for (let minute = 0; minute < options.minutes; minute += 1) {
    const files = producedIn(options, minute, random, hour.sum, day.sum);
    hour.push(files);
    day.push(files);
    state.produced += files;
    if (has('stuck', minute) && state.stuck < 0 && state.produced > 0) state.stuck = state.produced - 1;
    if (!has('stuck', minute)) state.stuck = -1;

    const purged = Math.max(state.purged, state.produced - options.cap);
    const lostNow = lostBetween(state, purged);
    state.purged = purged;
    if (lostNow > 0) {
      if (minute - lastLossAt > 1440) warningMinutes.push(alertSince < 0 ? -1 : minute - alertSince);
      lastLossAt = minute;
      lost += lostNow;
      state.archived = Math.max(state.archived, purged);
      if (state.stuck < purged) state.stuck = -1;
    }

    if (!has('dead', minute)) {
      if (!state.inCycle && minute >= state.nextCycle) {
        state.inCycle = true;
        state.target = state.produced;
        seen = { ...state, lastHour: hour.sum, lastDay: day.sum, minute };
        measured = measure(options, seen);
      }
      if (state.inCycle) {
        const speed = has('share', minute) ? 0 : options.uploadsPerMinute * (has('slow', minute) ? 0.1 : 1);
        state.archived = Math.min(state.target, state.archived + speed);
        if (state.archived >= state.target || has('share', minute)) {
          state.inCycle = false;
          state.nextCycle = minute + options.scheduleMinutes;
          measured = measure(options, { ...seen, archived: state.archived, stuck: state.stuck });
        }
      }
      if (!has('server', minute)) heard = measured;
    } else {
      state.inCycle = false;
      state.nextCycle = minute + 1;
    }

    if (minute % SWEEP_MINUTES === 0) {
      const { isAtRisk } = forecastPurge(heard, new Date(START + minute * 60_000));
      if (!isAtRisk) alertSince = -1;
      else if (alertSince < 0) alertSince = minute;
    }
    if (alertSince >= 0) alertMinutes += 1;
  }
  return { lost, warningMinutes, promisedMinutes: promisedWarningHours(measured) * 60, alertMinutes };
}

type State = { produced: number; purged: number; archived: number; stuck: number };

function oldestUnarchived({ archived, stuck, purged }: State): number {
  const whole = Math.floor(archived);
  return stuck >= purged && stuck < whole ? stuck : whole;
}

function lostBetween(state: State, purged: number): number {
  const whole = Math.floor(state.archived);
  const isStuckLost = state.stuck >= state.purged && state.stuck < purged && state.stuck < whole;
  return Math.max(0, purged - Math.max(whole, state.purged)) + (isStuckLost ? 1 : 0);
}

function measure(
  options: SimulatedSource,
  state: State & { readonly lastHour: number; readonly lastDay: number; readonly minute: number },
): SourceFacts {
  const { produced, purged, lastHour, lastDay, minute } = state;
  const oldest = Math.min(produced, oldestUnarchived(state));
  const isStuck = oldest < Math.floor(state.archived);
  const backlog =
    produced - Math.min(produced, Math.floor(state.archived)) + (isStuck && oldest < produced ? 1 : 0);
  const standing = produced - purged;
  return {
    sourceCap: options.cap,
    sourceCount: standing,
    backlogCount: backlog,
    backlogBytes: backlog * 300_000,
    purgeAhead: backlog === 0 ? null : Math.max(0, oldest - purged),
    // An agent that counts what stands cannot know of files that are gone already.
    producedLastHour: Math.min(standing, lastHour),
    producedLastDay: Math.min(standing, lastDay),
    producedPeakHour: Math.min(standing, lastHour),
    seenPeakHour: Math.min(options.cap, options.peakHour),
    seenPeakDay: Math.min(options.cap, options.peakDay),
    seenWeeks: 4,
    scheduleSeconds: options.scheduleMinutes * 60,
    measuredAt: new Date(START + minute * 60_000),
    uploadFilesPerHour: options.uploadsPerMinute * 60,
    uploadBytesPerSecond: options.uploadsPerMinute * 5000,
  };
}

/** Working hours bring files evenly or in clumps, never more than the peaks allow. */
function producedIn(
  options: SimulatedSource,
  minute: number,
  random: () => number,
  lastHour: number,
  lastDay: number,
): number {
  if (!options.works(minute)) return 0;
  const { peakHour, clumping } = options;
  const wanted =
    random() < 1 / 60
      ? Math.ceil(peakHour * clumping)
      : Math.floor((peakHour * (1 - clumping)) / 60 + random());
  return Math.max(0, Math.min(wanted, peakHour - lastHour, options.peakDay - lastDay));
}

/** The sum of the last `length` numbers, the one to come left out of account until it is pushed. */
function slidingSum(length: number) {
  const ring = new Int32Array(length);
  let at = 0;
  const sums = {
    sum: 0,
    push: (count: number) => {
      sums.sum += count - (ring[at] ?? 0);
      ring[at] = count;
      at = (at + 1) % length;
    },
  };
  return sums;
}

/** Mulberry32: small, fast, the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
