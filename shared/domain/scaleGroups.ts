/**
 * Functions that Azure's Flex Consumption scales each by itself (Microsoft Learn, “Event-driven scaling”, per-function scaling): whatever
 * answers HTTP is one group, each queue and each timer is another. A timer has one instance at most, a queue as many as the app may
 * have. Every instance is a process with a connection pool of its own. test/integration/app.test.ts counts what is registered.
 */
export const scaleGroups = { timers: 33, queues: 1 } as const;

/** The most processes that there may be at a time where the app may have `instances` of each group. */
export function mostProcesses(instances: number): number {
  return instances * (1 + scaleGroups.queues) + scaleGroups.timers;
}
