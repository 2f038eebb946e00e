export { readPeaks, rememberPeaks, weekOf } from './peaks.ts';
export type { CountedProduction, SeenPeak } from './peaks.ts';
export { type SourceColumns, sourceFactsOf } from './sourceFacts.ts';
