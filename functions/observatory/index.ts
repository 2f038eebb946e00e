export { observatoryHandlers } from './endpoints.ts';
export {
  changeCounts,
  changedCodes,
  type EntityKey,
  longestUnrefreshed,
  wantingDetails,
} from './registers/choosing.ts';
export { closeWalks } from './registers/closeWalk.ts';
export { readRegisterCursor, writeRegisterCursor } from './registers/cursors.ts';
export { type RegisterCycle, registerCycle, type WalkPayload, walkPayload } from './registers/cycle.ts';
export { tellBatchEnd, tellCycleEnd } from './registers/report/tellCycle.ts';
export { writeSnapshot } from './registers/snapshot.ts';
export { markGone } from './registers/store.ts';
export { storeEntities } from './registers/storeEntities.ts';
export { type SeenRow, storeRows } from './registers/storing.ts';
export { totalsByStatus } from './registers/totals.ts';
export { checkFeed, volumeBaselines } from './registers/volumeCheck.ts';
export type { SeenEntity } from '../../shared/domain/registerEntity.ts';
