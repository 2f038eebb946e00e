import { foldPath } from '../../shared/domain/paths.ts';
import { ShareFault } from '../share/shareFault.ts';
import type { InFlight, LateWrite } from './inFlight.ts';

/** A write to the share; remembered when nobody knows whether it was, or will be, carried out. */
export async function noted<T>(
  { inFlight }: { readonly inFlight: InFlight },
  target: string,
  kind: LateWrite,
  write: Promise<T>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof ShareFault) || !error.settled) inFlight.unanswered(foldPath(target), kind);
    throw error;
  }
}
