export type Presence = 'online' | 'late' | 'offline' | 'never';

const MINUTE_MS = 60_000;
/** The fleet page turns amber. */
export const LATE_AFTER_MS = 5 * MINUTE_MS;
/** The alert and the audit's `AGENT_ALIVE`. */
export const OFFLINE_AFTER_MS = 10 * MINUTE_MS;

/** How present an agent is, by the age of its last heartbeat on the server's clock. */
export function presenceOf(lastHeartbeatAt: Date | null, now: Date): Presence {
  if (lastHeartbeatAt === null) return 'never';
  const ageMs = now.getTime() - lastHeartbeatAt.getTime();
  if (ageMs >= OFFLINE_AFTER_MS) return 'offline';
  return ageMs >= LATE_AFTER_MS ? 'late' : 'online';
}
