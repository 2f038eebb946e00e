import { reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { findPoison } from '../workflows/index.ts';

const SOURCE = 'sweep-poison';

/** Tells of messages that a queue gave up on (SPEC W9), as long as there are any. */
export const poisonTimer: TimerHandler = {
  name: SOURCE,
  schedule: '35 * * * * *',
  work: sweepPoison,
};

export async function sweepPoison(services: Services): Promise<TickReport> {
  const at = services.now();
  const { messages, findings } = await findPoison(services);
  const { opened, reopened, resolved } = await reconcileFindings(services, { source: SOURCE, findings, at });
  return { examined: messages, changed: opened + reopened + resolved };
}
