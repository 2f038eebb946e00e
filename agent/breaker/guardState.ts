import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sourceOf } from '../index/indexScope.ts';
import { indexFolder } from '../index/localIndex.ts';
import { parseChecked, withChecksum } from '../index/segment.ts';
import { writeFileDurably } from '../state/durableFile.ts';
import { SMALL_SOURCE_FILES, tripKinds } from './judge.ts';

/** Beside the local index of its job. */
export const GUARD_FILE = 'guard.json';

const stateSchema = z.object({
  /** Source path and globs: the state counts only for the configuration that it was made under. */
  configuration: z.string(),
  root: z.object({ device: z.number(), fileId: z.number(), marked: z.boolean() }).optional(),
  /** The job is paused for this. `pausedVersion`: the configuration with which the server paused it; null: not told yet. */
  tripped: z
    .object({
      kind: z.enum(tripKinds),
      reason: z.string(),
      rewrittenShare: z.number(),
      pausedVersion: z.number().nullable(),
      /** How many files the source had. Earlier versions did not note it: so many at the least. */
      files: z.number().default(SMALL_SOURCE_FILES),
      /**
       * The configuration with the pause has come here: what comes without it is no older one, unless the server's database
       * is. Earlier versions did not note it.
       */
      heard: z.boolean().default(false),
    })
    .optional(),
  /** An operator resumed the job: the source counts as it is until a cycle has written it down. */
  accepting: z.boolean(),
  acceptedShare: z.number(),
});
type State = z.infer<typeof stateSchema>;
export type GuardState = Omit<State, 'configuration'>;

/** The breaker's memory of one job, on disk. */
export interface GuardStore {
  readonly current: GuardState;
  /** On disk when it returns; writes nothing when nothing changes. */
  change(part: Partial<GuardState>): void;
}

const FRESH: GuardState = { accepting: false, acceptedShare: 0 };

/**
 * A state that is missing, damaged or of another configuration counts as that of a job that never ran. A pause stays while the
 * source is the same: globs that are edited meanwhile do not make it another.
 */
export function openGuardState(file: string, configuration: string): GuardStore {
  let current = read(file, configuration);
  return {
    get current() {
      return current;
    },
    change: (part) => {
      const next = { ...current, ...part };
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      writeFileDurably(file, withChecksum(JSON.stringify({ configuration, ...next } satisfies State)));
      current = next;
    },
  };
}

/** Whether a job's guard has tripped, under whatever configuration. */
export function isGuardTripped(stateFolder: string, jobId: string): boolean {
  return parse(join(indexFolder(stateFolder, jobId), GUARD_FILE))?.tripped !== undefined;
}

function read(file: string, configuration: string): GuardState {
  const stored = parse(file);
  if (stored === undefined) return FRESH;
  const { configuration: before, ...state } = stored;
  if (before === configuration) return state;
  const isPaused = state.tripped !== undefined && sourceOf(before) === sourceOf(configuration);
  return isPaused ? { ...state, accepting: false } : FRESH;
}

function parse(file: string): State | undefined {
  try {
    return stateSchema.safeParse(parseChecked(readFileSync(file, 'utf8'))).data;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
