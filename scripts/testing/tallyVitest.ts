import type { Tally } from './tally.ts';

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

/**
 * Counts one project. A skipped test is a failure where `skippedFails` (CI), a loud remark elsewhere. A bad ending that no
 * failed test explains (a file that does not load, an unhandled error, a hang), a missing report, and a project
 * without any test are each one failure: none of them may look like success.
 */
export function tallyVitest(
  name: string,
  {
    ending,
    report,
    skippedFails,
  }: { ending: string | null; report: VitestReport | null; skippedFails: boolean },
): Tally {
  if (report === null)
    return { passed: 0, failed: 1, remarks: [`${name}: no report; ${ending ?? 'no error either'}`] };
  const skipped = report.numPendingTests + report.numTodoTests;
  const passed = report.numPassedTests;
  let failed = report.numFailedTests;
  const remarks: string[] = [];
  if (failed > 0) remarks.push(`${name}: ${failed} FAILED`);
  if (skipped > 0) {
    remarks.push(`${name}: ${skipped} SKIPPED${skippedFails ? ', which counts as failed here' : ''}`);
    if (skippedFails) failed += skipped;
  }
  if (passed + failed + skipped === 0) {
    remarks.push(`${name}: no test ran`);
    failed = 1;
  } else if (ending !== null && failed === 0) {
    remarks.push(`${name}: ${ending}, though no test failed`);
    failed = 1;
  }
  return { passed, failed, remarks };
}
