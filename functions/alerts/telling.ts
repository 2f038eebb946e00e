import type { AlertRow } from './alertRow.ts';
import { coveredUntil } from './covered.ts';
import { policy } from './policy.ts';
import { mergedRoutes, type Route, routesOf } from './routing.ts';
import { isStorm } from './storm.ts';
import { groupOf, type Situation } from './situation.ts';
import { byUrgency } from './urgency.ts';

/** State changes of an alert that bring it up, and so are held back when something hushes it. */
export type Raising = 'opened' | 'reopened' | 'worsened';

export function isRaising(transition: string | null): transition is Raising {
  return transition === 'opened' || transition === 'reopened' || transition === 'worsened';
}

/** An alert that people are to hear of, and what happened to it. */
export interface Candidate {
  readonly alert: AlertRow;
  readonly transition: Raising;
  /** Told besides those whom rules name. */
  readonly hearers?: readonly Route[] | undefined;
}

/** What becomes of a candidate. `explained`: an effect, told with its cause. `storm`: one of too many. */
export type Telling =
  | { readonly kind: 'told'; readonly routes: readonly Route[] }
  | {
      readonly kind: 'later';
      readonly until: Date;
      /** Kept in the outbox as suppressed. */
      readonly suppressed: readonly Route[];
    }
  | { readonly kind: 'explained' }
  | { readonly kind: 'storm'; readonly routes: readonly Route[] };

/**
 * Decides who is told of what, now or later, by what stands around the alerts (SPEC S8, S13; B38, B42). `isExplained`
 * says whether the alert's cause is live. Of more candidates than may be told at once, data loss and the critical come first.
 */
export function decideTellings(
  candidates: readonly Candidate[],
  situation: Situation,
  at: Date,
  isExplained: (alert: AlertRow) => boolean,
): ReadonlyMap<string, Telling> {
  const tellings = new Map<string, Telling>();
  let left = Math.max(0, policy.stormAlerts - situation.toldRecently);
  for (const candidate of candidates.toSorted((a, b) => byUrgency(a.alert, b.alert))) {
    const { alert } = candidate;
    const wanted = mergedRoutes([...routesTo(alert, situation), ...(candidate.hearers ?? [])]);
    const hushed = isExplained(alert)
      ? ({ kind: 'explained' } as const)
      : laterOf(alert, wanted, situation, at);
    const routes = hushed === undefined ? wanted : [];
    if (hushed !== undefined) tellings.set(alert.id, hushed);
    else if (routes.length === 0 || left > 0 || isStorm(alert))
      tellings.set(alert.id, { kind: 'told', routes });
    else tellings.set(alert.id, { kind: 'storm', routes });
    if (routes.length > 0) left -= 1;
  }
  return tellings;
}

function routesTo(alert: AlertRow, situation: Situation): readonly Route[] {
  const routed = { ...alert, runnerId: alert.runner_id, groupId: groupOf(alert, situation) };
  return routesOf(routed, situation.rules, situation.channels);
}

/** Until when something hushes the alert by itself: a snooze, a maintenance window, an outage of the platform just over. */
export function hushedUntil(alert: AlertRow, situation: Situation, at: Date): Date | undefined {
  const snoozed = alert.snoozed_until !== null && alert.snoozed_until > at ? alert.snoozed_until : undefined;
  return snoozed ?? coveredUntil(alert, situation);
}

function laterOf(
  alert: AlertRow,
  routes: readonly Route[],
  situation: Situation,
  at: Date,
): Telling | undefined {
  const until = hushedUntil(alert, situation, at);
  if (until !== undefined) return { kind: 'later', until, suppressed: routes };
  const { settlesUntil } = situation;
  if (settlesUntil === null || alert.class !== 'operational') return undefined;
  return { kind: 'later', until: settlesUntil, suppressed: [] };
}

/** The alert's row after the decision: what is still owed to people, and from when on. */
export function rowAfter({ alert, transition }: Candidate, telling: Telling): AlertRow {
  const owed = isRaising(alert.tell_transition) ? alert.tell_transition : transition;
  switch (telling.kind) {
    case 'told':
      return { ...alert, tell_transition: null, tell_due_at: null, cause_alert_id: null };
    case 'later':
      return { ...alert, tell_transition: owed, tell_due_at: telling.until, cause_alert_id: null };
    case 'explained':
    case 'storm':
      return { ...alert, tell_transition: owed, tell_due_at: null };
  }
}
