import { describe, expect, it } from 'vitest';
import { chooseSteps } from './steps.ts';
import { closingLine, isGreen, sum } from './tally.ts';
import { tallyVitest } from './tallyVitest.ts';

const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };

describe('the tally of npm test', () => {
  it('D8 adds checks and tests to one closing line', () => {
    const total = sum([
      { passed: 1, failed: 0, remarks: [] },
      { passed: 40, failed: 2, remarks: ['unit: 2 FAILED'] },
    ]);
    expect(closingLine(total)).toBe('41 passed, 2 failed');
    expect(total.remarks).toEqual(['unit: 2 FAILED']);
    expect(isGreen(total)).toBe(false);
  });

  it('D8 is not green when nothing ran', () => {
    expect(isGreen(sum([]))).toBe(false);
    expect(isGreen({ passed: 1, failed: 0, remarks: [] })).toBe(true);
  });

  it('D8 counts skipped and todo tests as failed in CI and only remarks on them elsewhere', () => {
    const skipping = { ...report, numPendingTests: 2, numTodoTests: 1 };
    expect(tallyVitest('unit', { ending: null, report: skipping, skippedFails: true }).failed).toBe(3);
    const elsewhere = tallyVitest('unit', { ending: null, report: skipping, skippedFails: false });
    expect(elsewhere).toEqual({ passed: 3, failed: 0, remarks: ['unit: 3 SKIPPED'] });
  });

  it('D8 fails a project whose process ended badly though no test failed', () => {
    const tally = tallyVitest('unit', { ending: 'vitest ended with code 1', report, skippedFails: true });
    expect(tally).toMatchObject({ passed: 3, failed: 1 });
  });

  it('D8 names each failed test with its error among the remarks, and a file that did not load', () => {
    const testResults = [
      {
        name: 'a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { fullName: 'F1 passes', status: 'passed', failureMessages: [] },
          {
            fullName: 'F1 breaks',
            status: 'failed',
            failureMessages: ['Error: 2 is not 1\n    at a.test.ts:9'],
          },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'SyntaxError: no', assertionResults: [] },
    ];
    const { remarks } = tallyVitest('unit', {
      ending: 'vitest ended with code 1',
      report: { ...report, numFailedTests: 1, testResults },
      skippedFails: true,
    });
    const text = remarks.join('\n');
    expect(text).toMatch(/unit: 1 FAILED\n.*F1 breaks\n\s+Error: 2 is not 1/u);
    expect(text).toMatch(/b\.test\.ts\n\s+SyntaxError: no/u);
    expect(text).not.toContain('F1 passes');
  });

  it('D8 fails a project that left no report or ran no test', () => {
    expect(tallyVitest('e2e', { ending: null, report: null, skippedFails: true }).failed).toBe(1);
    const empty = { ...report, numPassedTests: 0 };
    expect(tallyVitest('e2e', { ending: null, report: empty, skippedFails: true }).failed).toBe(1);
  });

  it('D8 chooses steps by name, all of them without one, and refuses an unknown name', () => {
    expect(chooseSteps([]).checks.map(({ name }) => name)).toContain('unused');
    const chosen = chooseSteps(['lint', 'stores']);
    expect([...chosen.checks, ...chosen.projects].map(({ name }) => name)).toEqual(['lint', 'stores']);
    expect(() => chooseSteps(['untit'])).toThrow(/no step is named untit; known: lint, .*chaos/u);
  });
});
