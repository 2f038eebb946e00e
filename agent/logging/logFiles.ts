import { closeSync, fstatSync, mkdirSync, openSync, readSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isUrgentLine } from './lineLevel.ts';
import { logFileName, purgeLogFiles } from './logFolder.ts';

const MIB = 1024 * 1024;
const DAY_MS = 24 * 3_600_000;
const LOOK_MS = 60_000;

export interface LogFileLimits {
  readonly keepDays: number;
  /** All files together, at any moment. */
  readonly totalBytes: number;
  /** One day's file; warnings and errors have `urgentBytes` more. */
  readonly dayBytes: number;
  readonly urgentBytes: number;
  /** With less than this left on the disk only warnings and errors are written. */
  readonly lowDiskBytes: number;
}

const LIMITS: LogFileLimits = {
  keepDays: 14,
  totalBytes: 200 * MIB,
  dayBytes: 32 * MIB,
  urgentBytes: 8 * MIB,
  lowDiskBytes: 200 * MIB,
};

export interface LogFilesOptions {
  readonly folder: string;
  readonly now: () => Date;
  readonly limits?: Partial<LogFileLimits>;
  /** What is left on the disk that holds a folder. */
  readonly freeBytes?: (folder: string) => number;
}

/** The agent's log on its own disk: `agent-YYYY-MM-DD.log`, a JSON object a line, a file a day (UTC). */
export interface LogFiles {
  /** Never throws: what cannot be written is counted, and the count is written as soon as something can be. */
  write(line: string): void;
  close(): void;
}

type Reason = 'the disk took none' | 'the disk is nearly full' | 'the day’s file has reached its size';

interface OpenFile {
  readonly day: string;
  readonly handle: number;
  sizeBytes: number;
}

/** Opens the folder, making it when absent, and removes what is older than 14 days or beyond the size cap. */
export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { folder, now, freeBytes = freeOnDisk } = options;
  const limits = { ...LIMITS, ...options.limits };
  let open: OpenFile | undefined;
  /** The last line is there in part: the next one must not hang on it. */
  let isTorn = false;
  let missing: { reason: Reason; count: number } | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isDiskLow = false;

  const close = () => {
    if (open !== undefined) closeSync(open.handle);
    open = undefined;
  };
  const openDay = (day: string) => {
    close();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    purgeLogFiles(folder, {
      today: day,
      keepFrom: dayOf(now().getTime() - limits.keepDays * DAY_MS),
      maxBytes: limits.totalBytes - limits.dayBytes - limits.urgentBytes,
    });
    const handle = openSync(join(folder, logFileName(day)), 'a+', 0o600);
    const sizeBytes = fstatSync(handle).size;
    isTorn = sizeBytes > 0 && !endsWithLine(handle, sizeBytes);
    open = { day, handle, sizeBytes };
    return open;
  };
  /** Says so, once, when the disk has become low. */
  const lookAtDisk = (): string => {
    const nowMs = performance.now();
    if (nowMs - lookedAtMs < LOOK_MS) return '';
    lookedAtMs = nowMs;
    const wasLow = isDiskLow;
    const leftBytes = freeBytes(folder);
    isDiskLow = leftBytes < limits.lowDiskBytes;
    return isDiskLow && !wasLow ? warning({ leftBytes }, 'The disk of the state folder is nearly full') : '';
  };
  const warning = (facts: object, msg: string) =>
    `${JSON.stringify({ level: 'warn', time: now().toISOString(), ...facts, msg })}\n`;
  const refusal = (sizeBytes: number, isUrgent: boolean): Reason | undefined => {
    if (isDiskLow && !isUrgent) return 'the disk is nearly full';
    const most = limits.dayBytes + (isUrgent ? limits.urgentBytes : 0);
    return sizeBytes > most ? 'the day’s file has reached its size' : undefined;
  };
  const miss = (reason: Reason) => {
    missing = { reason: missing?.reason ?? reason, count: (missing?.count ?? 0) + 1 };
  };
  const gapLine = () => {
    if (missing === undefined) return '';
    return warning({ dropped: missing.count }, `Log lines were dropped: ${missing.reason}`);
  };
  const writeOrThrow = (line: string) => {
    const day = dayOf(now().getTime());
    const file = open?.day === day ? open : openDay(day);
    const low = lookAtDisk();
    if (low !== '') append(file, low);
    const text = `${gapLine()}${line}`;
    const refused = refusal(file.sizeBytes + Buffer.byteLength(text), isUrgentLine(line));
    if (refused !== undefined) {
      miss(refused);
      return;
    }
    append(file, text);
    missing = undefined;
  };
  const append = (file: OpenFile, text: string) => {
    const bytes = Buffer.from(`${isTorn ? '\n' : ''}${text}`, 'utf8');
    for (let at = 0; at < bytes.length;) {
      const written = writeSync(file.handle, bytes, at);
      at += written;
      file.sizeBytes += written;
      isTorn = at < bytes.length;
    }
  };
  const write = (line: string) => {
    try {
      writeOrThrow(line);
    } catch {
      // Nobody is left to be told: a full disk must not end the archive.
      miss('the disk took none');
    }
  };
  try {
    openDay(dayOf(now().getTime()));
  } catch {
    // Tried again with each line.
  }
  return { write, close };
}

function endsWithLine(handle: number, sizeBytes: number): boolean {
  const last = Buffer.alloc(1);
  readSync(handle, last, 0, 1, sizeBytes - 1);
  return last[0] === 0x0a;
}

function freeOnDisk(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // a file system that does not say: a write that fails says it
  }
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
