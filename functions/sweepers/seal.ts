import { findSealCandidates, sealIfDue } from '../archive/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';

const MAX_PER_TICK = 5000;

/**
 * Seals date folders that are finished (SPEC F8): no new file for 24 h, found complete by a run begun after that, and not
 * today's at the instrument. Agents then skip them at the price of one cheap look.
 */
export const sealTimer: TimerHandler = {
  name: 'sweep-seal',
  schedule: '40 */15 * * * *',
  work: sweepSeals,
};

export async function sweepSeals(services: Services): Promise<TickReport> {
  const candidates = await findSealCandidates(services, MAX_PER_TICK);
  let changed = 0;
  for (const candidate of candidates) {
    try {
      if (await sealIfDue(services, candidate)) changed += 1;
    } catch (error) {
      // One bad row never stops the loop.
      const { jobId, row } = candidate;
      services.log.error('a folder could not be sealed', { jobId, folder: row.folder, error });
    }
  }
  return { examined: candidates.length, changed };
}
