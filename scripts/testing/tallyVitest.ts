import type { Tally } from './tally.ts';

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** A file each; `message` tells why a file did not load. */
  testResults?: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
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
  remarks.push(...failures(report));
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

const MAX_LINES_A_FAILURE = 12;

/** Each failed test with the start of its error: what stands at the very end of a long log is what gets read. */
function failures({ testResults = [] }: VitestReport): string[] {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`  ✗ ${file}\n${start(message)}`] : [];
    return failed.map((test) => `  ✗ ${test.fullName}\n${start((test.failureMessages ?? []).join('\n'))}`);
  });
}

function start(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(0, MAX_LINES_A_FAILURE)
    .map((line) => `      ${line.trim()}`)
    .join('\n');
}
