/** The operation that a call belongs to, as W3C Trace Context carries it from process to process. */
export interface TraceParent {
  /** Of the whole operation: 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** Of what called: 16 hexadecimal digits, not all zero. */
  readonly spanId: string;
}

export const TRACE_PARENT_HEADER = 'traceparent';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const version00 = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The operation that a correlation id names: a UUID is its own 128 bits; undefined for any other text. */
export function traceIdOf(correlationId: string): string | undefined {
  const digits = uuid.test(correlationId) ? correlationId.replaceAll('-', '').toLowerCase() : '';
  return /[1-9a-f]/.test(digits) ? digits : undefined;
}

export function traceParentText({ traceId, spanId }: TraceParent): string {
  return `00-${traceId}-${spanId}-01`;
}

/** Reads the header of version 00; undefined for anything else. What a caller says about sampling is not heard. */
export function parseTraceParent(header: string | null | undefined): TraceParent | undefined {
  const [, traceId, spanId] = version00.exec(header ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
