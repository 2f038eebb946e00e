import { defineConfig } from 'vitest/config';

const storeTests = ['functions/**/store.test.ts', 'functions/**/*.store.test.ts'];
/** Starts the test database when a test file first asks for one. */
const globalSetup = ['test/support/global-database.ts'];
/** Starts the platform that all test files with a browser share. */
const sharedPlatform = ['test/support/global-platform.ts'];

/** These tests wait for other processes most of their time: three at once keep two processors busy. */
const waiting = { maxWorkers: 3 };

/** One project per kind of test, so that each can be run alone; docs/testing.md says what belongs where. */
export default defineConfig({
  test: {
    projects: [
      project('unit', ['{agent,functions,local,scripts,shared,dashboard}/**/*.test.{ts,tsx}'], 10_000, [
        '**/store.test.ts',
        '**/*.store.test.ts',
      ]),
      project('stores', storeTests, 60_000, [], { globalSetup }),
      ...storesOnMssql(),
      project('integration', ['test/integration/**/*.test.ts'], 60_000, [], { globalSetup, ...waiting }),
      project('conformance', ['test/conformance/**/*.test.ts'], 60_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 120_000, [], { globalSetup: sharedPlatform }),
      project('chaos', ['test/chaos/**/*.test.ts'], 300_000, [], { globalSetup, ...waiting }),
    ],
  },
});

function project(
  name: string,
  include: string[],
  timeoutMs: number,
  exclude: string[] = [],
  more: object = {},
) {
  return {
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', '**/.data/**', ...exclude],
      testTimeout: timeoutMs,
      hookTimeout: Math.max(timeoutMs, 60_000),
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
    project('stores-mssql', storeTests, 120_000, [], {
      globalSetup,
      env,
      maxWorkers: 1,
      fileParallelism: false,
    }),
  ];
}
