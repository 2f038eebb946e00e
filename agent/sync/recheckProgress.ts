import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { indexFolder } from '../index/localIndex.ts';
import { writeFileDurably } from '../state/durableFile.ts';

/** Every file that still stands is read again once in so many days. */
export const RECHECK_DAYS = 30;
const DAY_MS = 86_400_000;

/** The day whose files are being read again (days since 1970, UTC), and the place of the last of it that is done. */
const progressSchema = z.object({ day: z.int(), after: z.string() });
export type RecheckProgress = z.infer<typeof progressSchema>;

/**
 * Where to go on. Days that the agent missed are made up for, as far back as they have not come round again; after a clock
 * that was wrong it goes on from today.
 */
export function continuedAt(
  known: RecheckProgress | undefined,
  nowMs: number,
): RecheckProgress & { readonly today: number } {
  const today = Math.floor(nowMs / DAY_MS);
  const isUsable = known !== undefined && known.day <= today + 1 && known.day > today - RECHECK_DAYS;
  return { ...(isUsable ? known : { day: today, after: '' }), today };
}

/** Whether a file is one of those that are read again on that day; its key is the hex of `pathKey`. */
export function isDueOn(day: number, keyHex: string): boolean {
  return Number.parseInt(keyHex.slice(0, 8), 16) % RECHECK_DAYS === day % RECHECK_DAYS;
}

export interface RecheckProgressFile {
  read(): RecheckProgress | undefined;
  write(progress: RecheckProgress): void;
}

export function recheckProgressFile(stateFolder: string, jobId: string): RecheckProgressFile {
  const file = join(indexFolder(stateFolder, jobId), 'recheck.json');
  return {
    read: () => {
      try {
        return progressSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return undefined; // none yet, or damaged: it begins with today
      }
    },
    write: (progress) => writeFileDurably(file, JSON.stringify(progress)),
  };
}
