import type { AlertSummary } from '../../../shared/contract/alerts.ts';
import type { Received, Sink } from './sink.ts';
import type { Expectation } from './watch.ts';

/** What became of the alerts that had to be raised, and how people were told of all alerts. */
export interface Told {
  readonly expected: number;
  /** Alerts of any kind that were raised, expected or not. */
  readonly raised: number;
  /** Expected, and not raised, or raised and nobody was told. */
  readonly missed: readonly string[];
  readonly delivered: number;
  /** Transitions that reached the same channel under more than one delivery id. */
  readonly secondIds: readonly string[];
}

/** Holds the expectations and the deliveries against the alerts there are. */
export function judgeTold(
  expectations: readonly Expectation[],
  alerts: readonly AlertSummary[],
  { received }: Pick<Sink, 'received'>,
): Told {
  return {
    expected: expectations.length,
    raised: alerts.length,
    missed: expectations
      .filter((expectation) => !isTold(expectation, alerts, received))
      .map(
        ({ what, isMet }) => `${what} (${alerts.some(isMet) ? 'raised, and nobody was told' : 'no alert'})`,
      ),
    delivered: new Set(received.map(({ deliveryId }) => deliveryId)).size,
    secondIds: secondIds(received),
  };
}

/** Told itself, or by the alert that explains it. */
function isTold(
  { isMet }: Expectation,
  alerts: readonly AlertSummary[],
  received: readonly Received[],
): boolean {
  const told = new Set(received.map(({ body }) => body['alertId']));
  return alerts
    .filter(isMet)
    .some(({ alertId, causeAlertId }) => told.has(alertId) || told.has(causeAlertId ?? ''));
}

function secondIds(received: readonly Received[]): string[] {
  const transitions = Map.groupBy(
    received.filter(({ body }) => typeof body['alertId'] === 'string'),
    ({ body }) => [body['alertId'], body['transition'], body['occurredAt']].join(' '),
  );
  return [...transitions].flatMap(([transition, messages]) => {
    const ids = new Set(messages.map(({ deliveryId }) => deliveryId));
    return ids.size > 1 ? [`${transition}: ${[...ids].join(', ')}`] : [];
  });
}
