import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import type { TraceParent } from '../../../shared/domain/traceParent.ts';

/** Of everything that the control plane tells. */
export const SCOPE = 'datasync';

export interface Asked {
  /** The function's name in Azure: monitoring shows each by it. */
  readonly name: string;
  readonly trigger: 'http' | 'timer' | 'queue';
  /** The operation that it is a part of; without one it begins its own. */
  readonly parent?: TraceParent | undefined;
  readonly attributes?: Attributes;
}

/**
 * Runs one invocation of a function as a request: what it does meanwhile is told as part of it. A throw fails it, is told as an
 * exception, and is thrown on. While nothing is sent this costs nothing.
 */
export function asRequest<T>(asked: Asked, work: (span: Span) => Promise<T>): Promise<T> {
  const attributes = { ...asked.attributes, trigger: asked.trigger };
  const options = { kind: SpanKind.SERVER, attributes };
  return trace.getTracer(SCOPE).startActiveSpan(asked.name, options, parentOf(asked), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Not the active one: the host calls functions from wherever it likes. */
function parentOf({ parent }: Asked): Context {
  const base = context.active() === ROOT_CONTEXT ? ROOT_CONTEXT : trace.deleteSpan(context.active());
  if (parent === undefined) return base;
  return trace.setSpanContext(base, { ...parent, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/** Says how the invocation ended; a refusal of a caller's mistake is no failure of ours. */
export function settle(span: Span, succeeded: boolean, attributes: Attributes = {}): void {
  span.setAttributes(attributes);
  span.setStatus({ code: succeeded ? SpanStatusCode.OK : SpanStatusCode.ERROR });
}

/** Says of the request under way what is known only within it. */
export function tellOfRequest(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}
