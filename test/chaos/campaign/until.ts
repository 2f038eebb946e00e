import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again until the answer is true; false when it was not within `withinMs`. A question that fails is asked again as
 * well: what it asks may be on its way back.
 */
export async function until(ask: () => Promise<boolean>, withinMs: number, everyMs = 2000): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    if (await ask().catch(() => false)) return true;
    if (Date.now() > giveUpAt) return false;
    await sleep(everyMs);
  }
}
