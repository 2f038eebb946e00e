/** What is known about a timer between two ticks; times in milliseconds. */
export interface TimerStatus {
  /** When it ran last; undefined if it never did. */
  readonly lastMs: number | undefined;
  /** The due time that was not served yet. */
  readonly nextMs: number;
  readonly updatedMs: number;
}

/**
 * Sees to it that of all hosts one runs a timer at a time, and keeps the timer's status for all of them.
 */
export interface TimerLease {
  /** Takes the timer for this host; undefined while another has it. Rejects when that cannot be found out. */
  acquire(timerName: string): Promise<HeldTimerLease | undefined>;
}

/** Held, and renewed by itself, until it is released or this process dies. */
export interface HeldTimerLease {
  readonly status: TimerStatus | undefined;
  /** Rejects when the lease was lost meanwhile: another host may have gone on from the older status. */
  writeStatus(status: TimerStatus): Promise<void>;
  release(): Promise<void>;
}

/** A lease for the hosts of one process; forgets everything with the process. */
export function memoryTimerLease(): TimerLease {
  const held = new Set<string>();
  const statuses = new Map<string, TimerStatus>();
  return {
    acquire: async (timerName) => {
      if (held.has(timerName)) return undefined;
      held.add(timerName);
      return {
        status: statuses.get(timerName),
        writeStatus: async (status) => {
          statuses.set(timerName, status);
        },
        release: async () => {
          held.delete(timerName);
        },
      };
    },
  };
}
