import { dayOfFolder } from './dateFolder.ts';
import { dayIn } from './localDay.ts';

/** A folder has to be without a new file for so long. */
const QUIET_MS = 24 * 3_600_000;
/** While nothing changes, a proof is written down again after so long: a write for each cycle would cost more than it says. */
const PROOF_AGAIN_MS = 20 * 3_600_000;

/** What the state index knows of a folder. Times by the server's clock. */
export interface SealFacts {
  readonly folder: string;
  /** Null: no run has found the folder complete since it changed. */
  readonly digest: string | null;
  /** When the folder last gained or lost a row, or was unsealed. */
  readonly changedAt: Date;
  /** Beginning of the newest run that found the digest equal. */
  readonly provedAt: Date | null;
}

/**
 * What a folder waits for before it may be sealed, as words for people; null when it may (SPEC F8): a run begun 24 h or
 * more after the last change found it complete, and it is not today's (nor a coming day's) in the instrument's time zone.
 */
export function sealWaitsFor(facts: SealFacts, timeZone: string, now: Date): string | null {
  const quietAt = new Date(facts.changedAt.getTime() + QUIET_MS);
  if (facts.digest === null || facts.provedAt === null) return 'a run that finds it complete';
  if (now < quietAt) return `24 hours without a new file, until ${quietAt.toISOString()}`;
  if (facts.provedAt < quietAt)
    return 'a run, begun after 24 hours without a new file, that finds it complete';
  const day = dayOfFolder(facts.folder);
  if (day !== undefined && day >= dayIn(timeZone)(now)) return `the end of its day in ${timeZone}`;
  return null;
}

/** Whether the sweeper seals a folder by itself once it may be: date folders of geometry jobs. */
export function isSealedByItself(job: { readonly kind: 'geometry' | 'tree' }, folder: string): boolean {
  return job.kind === 'geometry' && dayOfFolder(folder) !== undefined;
}

/** Whether it is worth writing down that a run begun then found the digest equal: about once a day, and whenever it decides. */
export function isProofDue(facts: Pick<SealFacts, 'changedAt' | 'provedAt'>, begunAt: Date): boolean {
  const { provedAt } = facts;
  if (provedAt === null) return true;
  const quietAt = new Date(facts.changedAt.getTime() + QUIET_MS);
  if (provedAt < quietAt && begunAt >= quietAt) return true;
  return begunAt.getTime() - provedAt.getTime() >= PROOF_AGAIN_MS;
}
