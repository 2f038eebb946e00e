import type { TimerHandler } from '../platform/timers/timer.ts';
import { checksumsTimer } from './checksums.ts';
import { dispatchTimer } from './dispatch.ts';
import { orphansTimer } from './orphans.ts';
import { sealTimer } from './seal.ts';

/** The timers of the control plane: a file each, a line here. */
export const sweeperTimers: readonly TimerHandler[] = [
  dispatchTimer,
  orphansTimer,
  checksumsTimer,
  sealTimer,
];
