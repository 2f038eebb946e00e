import { type AlertRow, isWorse } from './alertRow.ts';
import type { Finding } from './finding.ts';
import { policy } from './policy.ts';
import { mergedRoutes, type Route } from './routing.ts';

const STORM = 'alert-storm:';

/** The alert that stands for those of one class that were too many to be told one by one (B38). */
export function isStorm(alert: { readonly fingerprint: string }): boolean {
  return alert.fingerprint.startsWith(STORM);
}

/** An alert that is one of too many, and who would have been told of it. */
export interface Surplus {
  readonly alert: AlertRow;
  readonly routes: readonly Route[];
}

/** One finding a class of those that were too many; security apart, so that its contacts alone hear of it. */
export function stormFindings(organizationId: string, surplus: readonly Surplus[]): Finding[] {
  const classes = [...new Set(surplus.map(({ alert }) => alert.class))] as Finding['class'][];
  return classes.map((ofClass) => {
    const swept = surplus.filter(({ alert }) => alert.class === ofClass);
    const alerts = swept.map(({ alert }) => alert);
    const worst = alerts.reduce((one, other) => (isWorse(other.severity, one.severity) ? other : one));
    const titles = alerts.slice(0, 3).map(({ title }) => title);
    return {
      organizationId,
      fingerprint: stormFingerprint(ofClass),
      severity: worst.severity,
      class: ofClass,
      title: 'More problems at once than are told one by one',
      detail:
        `More than ${String(policy.stormAlerts)} alerts came up within ${String(policy.stormWithinMs / 60_000)} min. ` +
        `${String(alerts.length)} of them were not told and stand on this alert's page, among them: ${titles.join('; ')}. Look for what they have in common.`,
      causeFingerprint: null,
      occurrences: alerts.length,
      source: 'alerts',
      hearers: mergedRoutes(swept.flatMap(({ routes }) => routes)),
      runbook: 'alert-storm',
    };
  });
}

export function stormFingerprint(ofClass: string): string {
  return STORM + ofClass;
}
