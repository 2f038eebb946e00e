import { metrics, ValueType } from '@opentelemetry/api';
import type { PoolState } from '../database/index.ts';
import { SCOPE } from './asRequest.ts';

/** What is measured, with its unit and the dimensions that a query can part it by. */
interface Measured {
  /** How long ago a runner was last heard of. */
  heartbeat_age_seconds: { readonly runner: string };
  /** Files on a source that are not archived. */
  backlog_files: { readonly runner: string; readonly job: string };
  /** Until the source deletes the first file that is not archived. */
  hours_to_loss: { readonly runner: string; readonly job: string };
  /** For how long the slice is due that waits longest; 0 when none has waited for half a minute. */
  queue_age_seconds: { readonly queue: string };
}

/** Series of one metric that are told of at once: those that are worst. A fleet has more runners than anybody can pay for. */
const MOST_SERIES = 100;

/** Tells of values as they are now; of more than a hundred, the first hundred of `values`, worst first. */
export function tellMeasured<Name extends keyof Measured>(
  name: Name,
  values: readonly (readonly [value: number, dimensions: Measured[Name]])[],
): void {
  const gauge = metrics.getMeter(SCOPE).createGauge(name, { valueType: ValueType.DOUBLE });
  for (const [value, dimensions] of values.slice(0, MOST_SERIES)) gauge.record(value, { ...dimensions });
}

/** Tells of a pool for as long as it is open; ends with what it returns. */
export function watchPool(state: () => PoolState): () => void {
  const meter = metrics.getMeter(SCOPE);
  const inUse = meter.createObservableGauge('pool_in_use');
  const waiting = meter.createObservableGauge('pool_waiting');
  const max = meter.createObservableGauge('pool_max');
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const now = state();
    result.observe(inUse, now.open - now.idle);
    result.observe(waiting, now.waiting);
    result.observe(max, now.max);
  };
  meter.addBatchObservableCallback(observe, [inUse, waiting, max]);
  return () => meter.removeBatchObservableCallback(observe, [inUse, waiting, max]);
}

/** A caller waited in vain for a free connection. */
export function countExhaustion(): void {
  metrics.getMeter(SCOPE).createCounter('pool_exhausted').add(1);
}

/** Telemetry that was not sent or not taken, and why. */
export function countLeftOut(
  kind: string,
  reason: 'budget' | 'undelivered' | 'refused',
  count: number,
): void {
  metrics.getMeter(SCOPE).createCounter('telemetry_left_out').add(count, { kind, reason });
}

/** Telemetry that was sent. */
export function countSent(kind: string, count: number): void {
  metrics.getMeter(SCOPE).createCounter('telemetry_sent').add(count, { kind });
}
