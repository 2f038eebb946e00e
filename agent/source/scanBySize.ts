import { scanHere, type ScanSource } from './scan.ts';

/** Starting threads takes about as long as looking at so many files. */
const FEW_FILES = 5000;

/** Scans a large source, or one of which nothing is known, in threads; where few files want a look, here and at once. */
export function scanBySize(inThreads: ScanSource): ScanSource {
  return (request) =>
    request.expectedLooks !== undefined && request.expectedLooks <= FEW_FILES
      ? scanHere(request)
      : inThreads(request);
}
