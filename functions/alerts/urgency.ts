import { type AlertRow, isWorse } from './alertRow.ts';

/** Sorts data loss first, then by severity, the worst first. */
export function byUrgency(
  a: { readonly class: string; readonly severity: AlertRow['severity'] },
  b: { readonly class: string; readonly severity: AlertRow['severity'] },
): number {
  const losses = Number(b.class === 'data_loss') - Number(a.class === 'data_loss');
  if (losses !== 0) return losses;
  if (isWorse(a.severity, b.severity)) return -1;
  return isWorse(b.severity, a.severity) ? 1 : 0;
}
