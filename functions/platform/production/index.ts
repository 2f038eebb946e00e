export { readPeaks, rememberPeaks, weekOf } from './peaks.ts';
export type { CountedProduction, ProductionPeak } from './peaks.ts';
export { type SourceColumns, sourceFactsOf } from './sourceFacts.ts';
