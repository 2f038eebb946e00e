import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Courier } from './courier.ts';
import { lotOf } from './lot.ts';

/** Ended spans on their way to the courier: requests are what somebody asked of us, dependencies what we asked of others. */
export function spansFor(courier: Courier<'requests' | 'dependencies', ReadableSpan>): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => {
      const isError = span.status.code === SpanStatusCode.ERROR;
      const { traceId } = span.spanContext();
      const fingerprint = `${span.name} ${String(span.attributes['http.response.status_code'] ?? '')}`;
      const kind = span.kind === SpanKind.SERVER ? 'requests' : 'dependencies';
      courier.offer(kind, span, { isError, fingerprint, lot: lotOf(traceId) });
    },
    forceFlush: () => courier.flush(),
    shutdown: () => courier.flush(),
  };
}
