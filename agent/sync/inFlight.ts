import type { FileInFlight } from '../../shared/contract/agents.ts';
import type { SourceFile } from '../source/sourceFile.ts';

/** How far one file is; what operators see of it while a run is live. */
export interface FileProgress {
  readonly sent: (bytes: number) => void;
  readonly failed: (error: Error) => void;
  readonly bytesSent: number;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly end: () => void;
}

/** A `create` would empty the file; `content`: a range, a hash or a mark, which may not be those of what is there by then. */
export type LateWrite = 'create' | 'content';

export interface InFlight {
  begin(runId: string | undefined, file: SourceFile): FileProgress;
  /**
   * Takes a place on the share for one upload; false while another job of this agent writes there. Jobs whose places
   * lie within each other may mean the same file, and two uploads at once would mix their bytes.
   */
  claim(place: string): boolean;
  release(place: string): void;
  /** A write to this place was sent and not answered: the share may carry it out late. */
  unanswered(place: string, kind: LateWrite): void;
  /** Whether such a write, of this kind or of any, may still arrive there; without a place, anywhere. */
  mayStillArrive(place?: string, kind?: LateWrite): boolean;
  /** At most 50, as the heartbeat takes them. */
  list(): FileInFlight[];
}

const HEARTBEAT_LIMIT = 50;

/** The files that are being uploaded at this moment. `arriveWithinMs`: how late the share may carry out a write. */
export function trackInFlight(arriveWithinMs: number, monotonicMs: () => number): InFlight {
  const places = new Set<string>();
  const unanswered = new Map<string, { place: string; kind: LateWrite; atMs: number }>();
  const forgetOld = () => {
    for (const [key, { atMs }] of unanswered)
      if (monotonicMs() - atMs >= arriveWithinMs) unanswered.delete(key);
  };
  const files = new Map<object, { -readonly [K in keyof FileInFlight]: FileInFlight[K] }>();
  return {
    begin: (runId, file) => {
      const token = {};
      const entry: FileInFlight = {
        runId: runId ?? '',
        path: file.path,
        state: 'uploading',
        sizeBytes: file.sizeBytes,
        bytesSent: 0,
        attempts: 1,
        error: null,
      };
      files.set(token, entry);
      return {
        sent: (bytes) => {
          entry.bytesSent += bytes;
        },
        failed: (error) => {
          entry.attempts += 1;
          entry.error = error.message.slice(0, 4000);
        },
        get bytesSent() {
          return entry.bytesSent;
        },
        get attempts() {
          return entry.attempts;
        },
        get lastError() {
          return entry.error;
        },
        end: () => files.delete(token),
      };
    },
    claim: (place) => {
      if (places.has(place)) return false;
      places.add(place);
      return true;
    },
    release: (place) => {
      places.delete(place);
    },
    unanswered: (place, kind) => {
      forgetOld();
      unanswered.set(`${kind} ${place}`, { place, kind, atMs: monotonicMs() });
    },
    mayStillArrive: (place, kind) => {
      forgetOld();
      return [...unanswered.values()].some(
        (one) => (place ?? one.place) === one.place && (kind ?? one.kind) === one.kind,
      );
    },
    // Without a run id the server could not show them.
    list: () => [...files.values()].filter(({ runId }) => runId !== '').slice(0, HEARTBEAT_LIMIT),
  };
}
