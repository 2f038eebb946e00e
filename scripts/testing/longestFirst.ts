import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from './runProcess.ts';

/** They wait most, and would be the last to end where they do not begin first. */
const LONGEST = [
  'test/chaos/campaign.test.ts',
  'test/integration/platform.test.ts',
  'test/e2e/accessibility.test.ts',
];

/** Vitest's own order, by what files took before or by their size, after those that are known to take longest: a fresh checkout remembers nothing. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONGEST.includes(relative(root, moduleId).replaceAll('\\', '/'));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
