export type { HostClock } from './clock.ts';
export { startFunctionsHost } from './functions-host.ts';
export type { FunctionsHost, FunctionsHostOptions } from './functions-host.ts';
export { injectFunctionsCore } from './inject-core.ts';
export type { HostedFunction } from './read-functions.ts';
export { blobTimerLease } from './timers/blob-timer-lease.ts';
export { memoryTimerLease } from './timers/timer-lease.ts';
export type { TimerLease, TimerStatus } from './timers/timer-lease.ts';
