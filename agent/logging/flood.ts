/** A line that is asked for. */
export interface Asked {
  readonly isUrgent: boolean;
  readonly message: string;
}

/** Lines of one kind that were not written within a minute. */
export interface HeldBack {
  readonly isUrgent: boolean;
  /** The first of them. */
  readonly message: string;
  readonly count: number;
}

export interface FloodGate {
  /** Whether a line may be written. */
  admits(asked: Asked): boolean;
  /** What was held back in the minute that is over, if one is; each is told once. */
  heldBack(): readonly HeldBack[];
}

export interface FloodLimits {
  /** Of one message, and of all messages that are as urgent. */
  readonly sameAMinute: number;
  readonly allAMinute: number;
}

const WINDOW_MS = 60_000;
const MAX_KINDS = 200;
const KIND_LENGTH = 60;

interface Kind {
  /** The first of them. */
  readonly message: string;
  asked: number;
  held: number;
}

interface Window {
  readonly kinds: Map<string, Kind>;
  admitted: number;
}

/**
 * Keeps a flood out of the log: of lines that say the same, the first of each minute are written and the rest counted
 * (B36). Numbers do not make messages different. Warnings and errors have an allowance of their own. Bounded in memory.
 */
export function createFloodGate(limits: FloodLimits, monotonicMs: () => number): FloodGate {
  let urgent = newWindow();
  let other = newWindow();
  let beganMs = monotonicMs();
  let ended: HeldBack[] = [];

  const turn = () => {
    if (monotonicMs() - beganMs < WINDOW_MS) return;
    ended = [...heldIn(urgent, true), ...heldIn(other, false)];
    urgent = newWindow();
    other = newWindow();
    beganMs = monotonicMs();
  };
  return {
    admits: ({ isUrgent, message }) => {
      turn();
      const window = isUrgent ? urgent : other;
      const kind = kindIn(window, message);
      kind.asked += 1;
      if (kind.asked <= limits.sameAMinute && window.admitted < limits.allAMinute) {
        window.admitted += 1;
        return true;
      }
      kind.held += 1;
      return false;
    },
    heldBack: () => {
      turn();
      const told = ended;
      ended = [];
      return told;
    },
  };
}

function newWindow(): Window {
  return { kinds: new Map(), admitted: 0 };
}

/** Beyond so many kinds, what comes new is of one kind. */
function kindIn({ kinds }: Window, message: string): Kind {
  const name = message.slice(0, KIND_LENGTH).replace(/\d+/g, '#');
  const key = kinds.has(name) || kinds.size < MAX_KINDS ? name : '';
  const kind = kinds.get(key) ?? { message, asked: 0, held: 0 };
  kinds.set(key, kind);
  return kind;
}

function heldIn({ kinds }: Window, isUrgent: boolean): HeldBack[] {
  const held = [...kinds.values()].filter((kind) => kind.held > 0);
  return held.map((kind) => ({ isUrgent, message: kind.message, count: kind.held }));
}
