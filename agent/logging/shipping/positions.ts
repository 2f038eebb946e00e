import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileDurably } from '../../state/durableFile.ts';
import type { LogFile } from '../logFolder.ts';

/** How far a day's file has been gone through, in bytes: for warnings and errors, and for the rest. */
export interface Position {
  readonly urgent: number;
  readonly rest: number;
}

const offset = z.int().min(0);
const shape = z.object({
  days: z.record(z.string(), z.object({ urgent: offset, rest: offset })),
  /** Lines passed over and not reported yet. */
  dropped: z.int().min(0),
});

/** What has been sent: everything before the positions has been, or was passed over. */
export type Sent = z.infer<typeof shape>;

/** Reads what `storeSent` kept. Nothing, or something unreadable, counts as nothing sent: a line sent twice is one line. */
export function readSent(folder: string): Sent {
  try {
    return shape.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return { days: {}, dropped: 0 };
  }
}

/** Throws when the disk takes it not; then lines are sent again after a restart. */
export function storeSent(folder: string, sent: Sent): void {
  writeFileDurably(fileIn(folder), JSON.stringify(sent));
}

/** Of a file that is shorter than what was sent of it, nothing was: it is another one. */
export function positionIn({ days }: Sent, { day, sizeBytes }: LogFile): Position {
  const known = days[day] ?? { urgent: 0, rest: 0 };
  const isSame = known.urgent <= sizeBytes && known.rest <= sizeBytes;
  return isSame ? known : { urgent: 0, rest: 0 };
}

function fileIn(folder: string): string {
  return join(folder, 'sent.json');
}
