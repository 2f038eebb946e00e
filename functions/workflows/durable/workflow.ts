import type { z } from 'zod';
import type { Db } from '../../platform/database/index.ts';
import type { Logger } from '../../platform/logging.ts';
import type { RunRow, WriteContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import type { Settings } from '../../platform/settings.ts';
import type { ActivityOutcome } from './outcome.ts';

/**
 * A durable workflow: ordinary TypeScript made of named activities. Each finished activity's result is stored; after a
 * crash, restart or redeploy `run` is called again from its first line, and activities that are stored give their result
 * without running. So whatever `run` decides, it decides from its payload and from what activities gave it: no clock, no
 * chance, no I/O outside of activities. Loops are fine as long as they give each activity a name of its own.
 */
export interface Workflow<Payload = unknown> {
  /** The run's `sync_type`, `SyncAllPeople`: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** What it does, in one sentence for people. */
  readonly summary: string;
  /** What it takes; `{}` must do when it is started by its schedule. */
  readonly payload: z.ZodType<Payload>;
  /** Only one run at a time in an organization; a text: one at a time of all workflows that give the same. */
  readonly exclusive: boolean | string;
  /** NCRONTAB, six fields, UTC; left out: it is started by people only. */
  readonly schedule?: string;
  /** A run that takes longer is reported as stuck. */
  readonly expectedMinutes: number;
  /** How its count of records is judged (`shared/domain/recordVolume.ts`); left out: not at all. */
  readonly volume?: 'full' | 'delta';
  /** Environment names of the settings that it cannot do without. */
  readonly needs: readonly (keyof Settings)[];
  run(context: WorkflowContext, payload: Payload): Promise<unknown>;
  /**
   * Written in the transaction that ends a run, however it ends (an e-mail that tells of it, say): by itself, silent,
   * terminated, or due and never begun. Comes again for a run that was retried. Must not throw for what it finds in the
   * database.
   */
  onEnd?(run: RunRow, tx: Db, context: WriteContext): Promise<void>;
}

export interface WorkflowRun {
  readonly runId: string;
  readonly organizationId: string;
  readonly syncType: string;
  readonly correlationId: string;
  readonly trigger: 'cron' | 'manual' | 'agent';
  readonly startedAt: Date;
}

export interface WorkflowContext {
  readonly run: WorkflowRun;
  readonly services: Services;
  /** Binds the run's names to each line. */
  readonly log: Logger;

  /**
   * Does something once and remembers its result, which must survive JSON and be at most 1 MiB. Database effects go into
   * the outcome's `apply` and happen once; effects elsewhere happen at least once: give the other side `idempotencyKey`.
   * Fails the run when it fails for good; with `mayFail`, gives undefined then, and the run ends as `partial`.
   */
  activity<Result>(
    name: string,
    work: (activity: Activity) => Promise<Result | ActivityOutcome<Result>>,
    options?: ActivityOptions & { readonly mayFail?: false },
  ): Promise<Result>;
  activity<Result>(
    name: string,
    work: (activity: Activity) => Promise<Result | ActivityOutcome<Result>>,
    options: ActivityOptions & { readonly mayFail: true },
  ): Promise<Result | undefined>;

  /** Walks pages: rows, changes, counters and the cursor of each page are stored together, and a crash goes on with the page after. */
  pages<Row, Cursor>(name: string, walk: Pages<Row, Cursor>, options?: ActivityOptions): Promise<PagesTotal>;

  /** Waits without holding anything; survives restarts. */
  sleep(name: string, milliseconds: number): Promise<void>;

  /**
   * Why the records that were read so far are not to be believed, as it will be judged at the run's end; null: nothing
   * speaks against them. To be asked within an activity.
   */
  doubt(): Promise<string | null>;

  /** The first thing of a cycle: shows the phases that are to come as `pending`. */
  seed(steps: readonly string[]): Promise<void>;
}

export interface ActivityOptions {
  /** `baseline`: not counted for the run's status; `volume_check_orgs` and the like. */
  readonly kind?: 'work' | 'baseline';
  /** Begins in a slice of its own, led to by a queue message: a phase of a register cycle. */
  readonly phase?: boolean;
  readonly mayFail?: boolean;
  /** It is stopped and fails with `TimeoutError` after this; for pages, each page. 5 min unless said otherwise. */
  readonly limitMs?: number;
}

/** What an activity may use while it runs. */
export interface Activity {
  /** `runId/step`, for pages `runId/step/page`: the same on every attempt. */
  readonly idempotencyKey: string;
  /** Fires when the activity's time is over or its lease is lost. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface Pages<Row, Cursor> {
  /** Where the first page begins. */
  readonly first: Cursor;
  fetch(cursor: Cursor, activity: Activity): Promise<FetchedPage<Row, Cursor>>;
  /**
   * Stores a page's rows, in the transaction that moves the cursor to `next` (null: this was the last page); says how many rows it
   * wrote. May run again after a deadlock.
   */
  apply(rows: readonly Row[], tx: Db, context: WriteContext, next: Cursor | null): Promise<number>;
}

export interface FetchedPage<Row, Cursor> {
  readonly rows: readonly Row[];
  /** Null: this is the last page. */
  readonly next: Cursor | null;
  /** The source itself said that there is nothing: how it said so. */
  readonly idle?: string;
  /** How many records the source gave, where that is not the number of rows: none, for rows that come from our own tables. */
  readonly recordsIn?: number;
}

export interface PagesTotal {
  readonly pages: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
}
