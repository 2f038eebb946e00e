import type { alert as alertEndpoint, DeliveryView } from '../../../../shared/contract/alerts.ts';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import type { Mark } from '../../format/marks.ts';

export type IncidentAnswer = ResponseOf<typeof alertEndpoint>;
type Change = IncidentAnswer['changes'][number];

/** One change of an alert's state with what people were told of it. */
export interface TimelineEntry {
  readonly change: Change;
  readonly deliveries: readonly DeliveryView[];
}

/**
 * The state changes in their order, each with the deliveries made from then until the next change; what was told before
 * the first change, by a clock that differs, belongs to the first.
 */
export function incidentTimeline(
  changes: readonly Change[],
  deliveries: readonly DeliveryView[],
): TimelineEntry[] {
  const ordered = changes.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const told = deliveries.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return ordered.map((change, index) => {
    const from = index === 0 ? -Infinity : Date.parse(change.at);
    const next = ordered[index + 1];
    const to = next === undefined ? Infinity : Date.parse(next.at);
    return { change, deliveries: told.filter((one) => isWithin(Date.parse(one.createdAt), from, to)) };
  });
}

function isWithin(at: number, from: number, to: number): boolean {
  return at >= from && at < to;
}

/** How a change is told: what it means for a person, not the names of two states. */
export function changeMark({ from, to }: Pick<Change, 'from' | 'to'>): Mark {
  if (to === 'resolved') return { shape: 'good', word: 'Resolved' };
  if (to === 'acknowledged' && from !== 'acknowledged') return { shape: 'busy', word: 'Acknowledged' };
  if (to === 'open' && from === null) return { shape: 'bad', word: 'Opened' };
  if (to === 'open' && from === 'resolved') return { shape: 'bad', word: 'Opened again' };
  if (from === to) return { shape: 'idle', word: 'Noted' };
  return { shape: 'warn', word: to.charAt(0).toUpperCase() + to.slice(1) };
}
