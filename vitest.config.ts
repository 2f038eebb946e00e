import { defineConfig } from 'vitest/config';

/** One project per kind of test, so that each can be run alone; docs/testing.md says what belongs where. */
export default defineConfig({
  test: {
    projects: [
      project('unit', ['{agent,functions,local,scripts,shared,dashboard}/**/*.test.{ts,tsx}'], 10_000, [
        '**/store.test.ts',
        '**/*.store.test.ts',
      ]),
      project('stores', ['functions/**/store.test.ts', 'functions/**/*.store.test.ts'], 60_000),
      project('integration', ['test/integration/**/*.test.ts'], 60_000),
      project('conformance', ['test/conformance/**/*.test.ts'], 60_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 120_000),
      project('chaos', ['test/chaos/**/*.test.ts'], 300_000),
    ],
  },
});

function project(name: string, include: string[], timeoutMs: number, exclude: string[] = []) {
  return {
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', '**/.data/**', ...exclude],
      testTimeout: timeoutMs,
      hookTimeout: Math.max(timeoutMs, 60_000),
      pool: 'forks' as const,
      maxWorkers: 2,
    },
  };
}
