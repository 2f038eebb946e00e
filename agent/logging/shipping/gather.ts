import type { ShippedLine } from '../../../shared/contract/logs.ts';
import { isUrgentLine } from '../lineLevel.ts';
import { type LogFile, logFilesIn } from '../logFolder.ts';
import { positionIn, type Sent } from './positions.ts';
import { shippedLine } from './shippedLine.ts';
import { wholeLines } from './wholeLines.ts';

export interface ShipLimits {
  /** Of one shipment. */
  readonly lines: number;
  readonly bytes: number;
  /** Read for one shipment, so that a huge file is gone through in turns. */
  readonly readBytes: number;
  /** Of lines that are no warnings: what is further behind is passed over, and counted. */
  readonly behindBytes: number;
}

/** Lines to be sent, and what is to be remembered once the server has them. */
export interface Shipment {
  readonly lines: readonly ShippedLine[];
  /** Lines passed over since the last shipment that arrived. */
  readonly dropped: number;
  /** When the first `accepted` lines were taken: the others are sent again. */
  after(accepted: number): Sent;
}

interface OpenPosition {
  urgent: number;
  rest: number;
}

type Kind = keyof OpenPosition;

interface Gathered {
  readonly line: ShippedLine;
  readonly kind: Kind;
  readonly day: string;
}

interface Room {
  lines: number;
  bytes: number;
  readBytes: number;
}

/**
 * Collects what is next: warnings and errors of all days first, then the rest while there is room. Holds one chunk of
 * a file and one shipment in memory, whatever the files hold.
 */
export async function gather(folder: string, sent: Sent, limits: ShipLimits): Promise<Shipment> {
  const files = logFilesIn(folder);
  const positions: Record<string, OpenPosition> = {};
  for (const file of files) positions[file.day] = { ...positionIn(sent, file) };
  const dropped = sent.dropped + (await passOver(files, positions, limits));
  const room: Room = { lines: limits.lines, bytes: limits.bytes, readBytes: limits.readBytes };
  const gathered: Gathered[] = [];
  for (const kind of ['urgent', 'rest'] as const) {
    for (const file of files) {
      const position = positions[file.day];
      if (position !== undefined) await gatherFrom(file, kind, position, room, gathered);
    }
  }
  return {
    lines: gathered.map(({ line }) => line),
    dropped,
    after: (accepted) => {
      const days = structuredClone(positions);
      for (const { day, kind, line } of gathered.slice(accepted).reverse()) {
        const position = days[day];
        // The sequence of a line is where it begins.
        if (position !== undefined) position[kind] = line.sequence;
      }
      return { days, dropped: 0 };
    },
  };
}

async function gatherFrom(
  file: LogFile,
  kind: Kind,
  position: OpenPosition,
  room: Room,
  gathered: Gathered[],
): Promise<void> {
  const isFull = () => room.lines <= 0 || room.bytes <= 0;
  while (position[kind] < file.sizeBytes && !isFull() && room.readBytes > 0) {
    const chunk = await wholeLines(file.path, position[kind]);
    if (chunk === undefined) return;
    room.readBytes -= chunk.end - position[kind];
    for (const { offset, end, text } of chunk.lines) {
      if (isFull()) return;
      position[kind] = end;
      if (isUrgentLine(text) !== (kind === 'urgent')) continue;
      const line = shippedLine(text, offset);
      if (line === undefined) continue;
      gathered.push({ line, kind, day: file.day });
      room.lines -= 1;
      room.bytes -= Buffer.byteLength(JSON.stringify(line));
    }
    position[kind] = chunk.end;
  }
}

/** Moves the rest on, oldest first, until no more is behind than is worth sending; returns how many lines that were. */
async function passOver(
  files: readonly LogFile[],
  positions: Readonly<Record<string, OpenPosition>>,
  { behindBytes, readBytes }: ShipLimits,
): Promise<number> {
  let excess = -behindBytes;
  for (const { day, sizeBytes } of files) excess += sizeBytes - (positions[day]?.rest ?? sizeBytes);
  let dropped = 0;
  let readable = readBytes;
  for (const file of files) {
    const position = positions[file.day];
    while (position !== undefined && excess > 0 && readable > 0 && position.rest < file.sizeBytes) {
      const from = position.rest;
      const chunk = await wholeLines(file.path, from);
      if (chunk === undefined) break;
      const passed = chunk.lines.filter(({ offset }) => offset - from < excess);
      dropped += passed.filter(({ text }) => !isUrgentLine(text)).length;
      position.rest = passed.at(-1)?.end ?? chunk.end;
      excess -= position.rest - from;
      readable -= chunk.end - from;
    }
  }
  return dropped;
}
