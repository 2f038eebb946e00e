import { config } from 'zod';

/**
 * An idle cycle checks a few answers: compiling a checker for each would take longer than the checks. To be said before
 * the first schema is made.
 */
export function checkWithoutCompiling(): void {
  config({ jitless: true });
}
