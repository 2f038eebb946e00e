import type { CheckResult } from '../../shared/contract/audit.ts';
import type { AuditFacts } from './facts.ts';

export type CheckStatus = CheckResult['status'];
export type Evidence = CheckResult['evidence'][number];

/** One check of the fidelity audit: facts in, verdict out; no clock, no database. A file each, a line in the registry. */
export interface Check {
  readonly name: string;
  readonly judge: (facts: AuditFacts) => Omit<CheckResult, 'name'>;
}

const MAX_EVIDENCE = 100;
const order: readonly CheckStatus[] = ['pass', 'warn', 'fail'];

/** The verdict is the worst of the evidence; `sentence` says it with numbers. The worst evidence comes first, 100 at most. */
export function verdictOf(
  evidence: readonly Evidence[],
  sentence: (counts: { readonly good: number; readonly bad: number }) => string,
): Omit<CheckResult, 'name'> {
  const worstFirst = evidence.toSorted((a, b) => order.indexOf(b.status) - order.indexOf(a.status));
  const bad = evidence.filter((one) => one.status !== 'pass').length;
  return {
    status: worstFirst[0]?.status ?? 'pass',
    summary: sentence({ good: evidence.length - bad, bad }),
    evidence: worstFirst.slice(0, MAX_EVIDENCE),
  };
}

/** `12 s`, `5 min`, `3 h`, `2 days`: as people say it. */
export function ageText(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  if (seconds < 120) return `${String(seconds)} s`;
  if (seconds < 7200) return `${String(Math.round(seconds / 60))} min`;
  if (seconds < 172_800) return `${String(Math.round(seconds / 3600))} h`;
  return `${String(Math.round(seconds / 86_400))} days`;
}
