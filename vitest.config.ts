import { defineConfig } from 'vitest/config';
import { compileCache } from './scripts/testing/compileCache.ts';
import { LongestFirst } from './scripts/testing/longestFirst.ts';

const storeTests = ['functions/**/store.test.ts', 'functions/**/*.store.test.ts'];
/** They put a double in the place of a module of Node, which others must not meet. */
const mockingTests = [
  'agent/**/fullDisk.test.ts',
  // Azure's library keeps the first identity endpoint that it finds for as long as its process lives.
  'functions/platform/database/mssql/entra-login.test.ts',
];
/** Starts the test database when a test file first asks for one. */
const globalSetup = ['test/support/global-database.ts'];
/** Starts the platform that all test files with a browser share. */
const sharedPlatform = ['test/support/global-platform.ts'];

/** These tests wait for other processes half of their time: four at once keep two processors busy. */
const waiting = { maxWorkers: 4 };
/** One process takes many files: it loads what they all use once, the grammar of T-SQL among it. */
const together = { isolate: false };
/** Modules are loaded by Node itself, as everywhere else: its compile cache is used, and nothing is transformed. */
const native = { experimental: { viteModuleRunner: false, nodeLoader: false } };

// For the processes of the tests and all that they start.
process.env['NODE_COMPILE_CACHE'] = compileCache;

const minuteMs = 60_000;

/** One project per kind of test, so that each can be run alone; docs/testing.md says what belongs where. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project(
        'unit',
        ['{agent,functions,infra,local,scripts,shared,dashboard}/**/*.test.{ts,tsx}'],
        minuteMs,
        {
          ...together,
          ...native,
          exclude: [...storeTests, ...mockingTests],
        },
      ),
      project('unit-mocks', mockingTests, minuteMs),
      // One process, which loads the 150 MB of Azure's resource types once.
      project('infra', ['test/infra/**/*.test.ts'], 3 * minuteMs, { ...together, ...native, maxWorkers: 1 }),
      project('stores', storeTests, 3 * minuteMs, { ...together, ...native, globalSetup }),
      ...storesOnMssql(),
      project('integration', ['test/integration/**/*.test.ts'], 5 * minuteMs, {
        ...together,
        ...native,
        ...waiting,
        globalSetup,
      }),
      project('conformance', ['test/conformance/**/*.test.ts'], 3 * minuteMs, { ...together, ...native }),
      project('e2e', ['test/e2e/**/*.test.ts'], 5 * minuteMs, {
        ...together,
        ...native,
        globalSetup: sharedPlatform,
      }),
      project('chaos', ['test/chaos/**/*.test.ts'], 12 * minuteMs, { ...native, globalSetup, maxWorkers: 3 }),
    ],
  },
});

/** The limit of a test ends one that hangs; on a busy machine a good one takes ten times its time. */
function project(
  name: string,
  include: string[],
  limitMs: number,
  { exclude = [], ...more }: { exclude?: string[]; [option: string]: unknown } = {},
) {
  return {
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', '**/.data/**', ...exclude],
      testTimeout: limitMs,
      hookTimeout: limitMs,
      // Below the time of a test, so that what was waited for in vain is named.
      expect: { poll: { timeout: Math.min(limitMs / 2, 2 * minuteMs) } },
      pool: 'forks' as const,
      maxWorkers: 2,
      ...more,
    },
  };
}

/** The same store tests on the T-SQL server at TEST_MSSQL_URL, one file at a time: it may have one database only. */
function storesOnMssql() {
  if (process.env['TEST_MSSQL_URL'] === undefined) return [];
  const env = { DATABASE_UNDER_TEST: 'mssql' };
  return [
    project('stores-mssql', storeTests, 3 * minuteMs, {
      globalSetup,
      env,
      maxWorkers: 1,
      fileParallelism: false,
    }),
  ];
}
