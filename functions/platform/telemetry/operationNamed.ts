import { createHash } from 'node:crypto';
import type { TraceParent } from '../../../shared/domain/traceParent.ts';

/** The operation of everything that is done for one subject, a run for instance, whichever process does it and however long that takes. */
export function operationNamed(subject: string): TraceParent {
  const digits = createHash('sha256').update(subject).digest('hex');
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32, 48) };
}
