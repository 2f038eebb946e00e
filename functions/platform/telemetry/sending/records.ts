import { SeverityNumber } from '@opentelemetry/api-logs';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { Courier } from './courier.ts';
import { lotOf } from './lot.ts';

/** Log records on their way to the courier: events that queries ask for by name, and lines, of which those of level `error` are errors. */
export function recordsFor(courier: Courier<'events' | 'traces', ReadableLogRecord>): LogRecordProcessor {
  return {
    onEmit: (record) => {
      const event = record.attributes['microsoft.custom_event.name'];
      const isError = event === undefined && (record.severityNumber ?? 0) >= SeverityNumber.ERROR;
      const what = record.body ?? record.attributes['exception.type'] ?? '';
      const fingerprint = typeof what === 'string' ? what : '';
      const lot = lotOf(record.spanContext?.traceId);
      courier.offer(event === undefined ? 'traces' : 'events', record, { isError, fingerprint, lot });
    },
    forceFlush: () => courier.flush(),
    shutdown: () => courier.flush(),
  };
}
