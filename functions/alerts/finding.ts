import type { Route } from './routing.ts';

/** A problem as a check or a writer met it. */
export interface Finding {
  readonly organizationId: string;
  /**
   * Names the problem for good, within its organization: the same problem is one alert with a count. At most 250
   * characters; `fingerprints` makes those that other alerts may be explained by.
   */
  readonly fingerprint: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly class: 'operational' | 'security' | 'data_loss';
  /** May hold foreign text (file names). */
  readonly title: string;
  /** What is wrong, with numbers, and what to do. May hold foreign text. */
  readonly detail: string;
  readonly runnerId?: string | null;
  readonly jobId?: string | null;
  /** How often it was met this time; 1 unless said otherwise. */
  readonly occurrences?: number;
  /** The check that found it; `reconcileFindings` sets it. Rules can be made for it. */
  readonly source?: string;
  /**
   * The problem that explains this one: while an alert of that fingerprint is live, nobody is told of this one apart.
   * Left out: found by runner and job (`causes.ts`). Null: it stands for itself, whatever else is down.
   */
  readonly causeFingerprint?: string | null;
  /** Told of it whatever rules say of it: a storm, to those who would have been told of its alerts. */
  readonly hearers?: readonly Route[];
  /** Page of the runbook. */
  readonly runbook?: string;
  /** Facts in numbers, for instance `hoursLeft`; no foreign text, no secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What a check looked at: live alerts outside of it are left as they are. Everything, when it names nothing. */
export interface FindingScope {
  readonly organizationId?: string;
  readonly runnerId?: string;
  readonly jobId?: string;
}

/** Everything that one look of one check found. */
export interface FindingReport {
  /** Names the check for good, `sweep-offline`; at most 100 characters. */
  readonly source: string;
  readonly scope?: FindingScope;
  /** One a fingerprint; of several with the same, the first counts and the occurrences are added up. */
  readonly findings: readonly Finding[];
  /** Fingerprints that could not be looked at this time: their alerts stay as they are. */
  readonly undecided?: readonly string[];
  readonly at: Date;
}

/** What became of the alerts of a source. */
export interface ReconcileOutcome {
  readonly opened: number;
  readonly reopened: number;
  readonly worsened: number;
  /** Met again, nothing else. */
  readonly seen: number;
  readonly resolved: number;
}
