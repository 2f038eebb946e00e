import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A tree that breaks each rule once and, beside that, uses every arrow that is allowed. */
const tree: Record<string, string> = {
  'agent/main.ts': `import '../shared/contract/archive.ts'; export const agent = 1;`,
  'agent/reaches.ts': `import '../functions/archive/index.ts';`,
  'agent/scan.test.ts': `import '../local/azure-files/server.ts'; import '../test/fixtures.ts';`,
  'agent/runs.test.ts': `import '../functions/archive/index.ts';`,
  'agent/demo.ts': `import '../local/azure-files/server.ts';`,
  'agent/tool.ts': `import 'later'; import 'now';`,
  'agent/tool.test.ts': `import 'later';`,
  'dashboard/src/main.tsx': `import '../../shared/contract/archive.ts';`,
  'dashboard/src/page.tsx': `import '../../agent/main.ts';`,
  'functions/app.ts': `import './archive/index.ts'; import './alerts/endpoints.ts'; import './platform/clock.ts';`,
  'functions/archive/index.ts': `import './runs.ts';`,
  'functions/archive/runs.ts': `import '../alerts/index.ts'; import '../platform/clock.ts'; import '../../shared/domain/rule.ts';`,
  'functions/archive/inside.ts': `import '../alerts/store.ts';`,
  'functions/archive/root.ts': `import '../app.ts';`,
  'functions/archive/agent.ts': `import '../../agent/main.ts';`,
  'functions/archive/untested.ts': `import '../../test/fixtures.ts';`,
  'functions/alerts/index.ts': `import './store.ts';`,
  'functions/alerts/store.ts': `export const store = 1;`,
  'functions/alerts/endpoints.ts': `export const endpoints = 1;`,
  'functions/platform/clock.ts': `import type { Rule } from '../../shared/domain/rule.ts'; export type Clock = Rule;`,
  'functions/platform/upward.ts': `import type { store } from '../alerts/store.ts'; export type S = typeof store;`,
  'infra/index.ts': `import '../functions/platform/clock.ts';`,
  'local/start.ts': `import '../functions/app.ts'; import '../agent/main.ts'; import '../scripts/seed.ts';`,
  'local/azure-files/server.ts': `export const server = 1;`,
  'scripts/seed.ts': `import '../shared/contract/archive.ts'; import '../local/azure-files/server.ts';`,
  'scripts/reaches.ts': `import '../agent/main.ts';`,
  'scripts/bench/scan.ts': `import '../../agent/main.ts'; import '../../functions/platform/clock.ts';`,
  'shared/contract/archive.ts': `import '../domain/rule.ts';`,
  'shared/contract/upward.ts': `import '../../functions/platform/clock.ts';`,
  'shared/domain/rule.ts': `import { createHash } from 'node:crypto'; export type Rule = string; export const h = createHash;`,
  'shared/domain/reads.ts': `import 'node:fs';`,
  'shared/domain/asks.ts': `import '../contract/archive.ts';`,
  'shared/domain/rule.test.ts': `import 'node:fs'; import './rule.ts';`,
  'shared/client/a.ts': `import { b } from './b.ts'; export const a = () => b;`,
  'shared/client/b.ts': `import { a } from './a.ts'; export const b = () => a;`,
  'shared/client/c.ts': `import type { D } from './d.ts'; export type C = D | 1;`,
  'shared/client/d.ts': `import type { C } from './c.ts'; export type D = C | 2;`,
  'shared/client/lost.ts': `import './nowhere.ts';`,
  'shared/client/bag.ts': `import './utils.ts';`,
  'shared/client/utils.ts': `export const bag = 1;`,
  'node_modules/later/index.js': `export const later = 1;`,
  'node_modules/later/package.json': `{"name":"later","version":"1.0.0","type":"module","exports":"./index.js"}`,
  'node_modules/now/index.js': `export const now = 1;`,
  'node_modules/now/package.json': `{"name":"now","version":"1.0.0","type":"module","exports":"./index.js"}`,
  'package.json': `{"type":"module","dependencies":{"now":"1.0.0"},"devDependencies":{"later":"1.0.0"}}`,
  'test/fixtures.ts': `import '../functions/alerts/store.ts'; import '../local/azure-files/server.ts';`,
};

const wanted = [
  'agent-to-shared-only: agent/demo.ts → local/azure-files/server.ts',
  'agent-to-shared-only: agent/reaches.ts → functions/archive/index.ts',
  'app-is-the-root: functions/archive/root.ts → functions/app.ts',
  'capability-through-its-index: functions/archive/inside.ts → functions/alerts/store.ts',
  'dashboard-to-shared-only: dashboard/src/page.tsx → agent/main.ts',
  'domain-is-pure: shared/domain/asks.ts → shared/contract/archive.ts',
  'domain-is-pure: shared/domain/reads.ts → fs',
  'functions-to-platform-and-shared-only: functions/archive/agent.ts → agent/main.ts',
  'infra-to-shared-only: infra/index.ts → functions/platform/clock.ts',
  'no-cycle: shared/client/a.ts → shared/client/b.ts',
  'no-grab-bag: shared/client/bag.ts → shared/client/utils.ts',
  'no-development-dependency: agent/tool.ts → node_modules/later/index.js',
  'nothing-to-local: agent/demo.ts → local/azure-files/server.ts',
  'only-tests-to-test: functions/archive/untested.ts → test/fixtures.ts',
  'platform-to-shared-only: functions/platform/upward.ts → functions/alerts/store.ts',
  'resolvable: shared/client/lost.ts → ./nowhere.ts',
  'scripts-to-shared-only: scripts/reaches.ts → agent/main.ts',
  'shared-to-shared-only: shared/contract/upward.ts → functions/platform/clock.ts',
  'tests-stay-on-their-side: agent/runs.test.ts → functions/archive/index.ts',
];

const root = join(import.meta.dirname, '..');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

describe('the arrows between folders', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'arrows-'));
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('DESIGN arrows: the checker reports exactly the forbidden imports of a tree that also uses every allowed one', () => {
    const args = [depcruise, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', '.'];
    const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const { summary } = JSON.parse(run.stdout) as { summary: { violations: Violation[] } };
    const seen = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    expect(seen.sort()).toEqual(wanted.sort());
  });

  it('DESIGN arrows: the checker ends with an error when an arrow points the wrong way', () => {
    const args = [depcruise, '--config', join(root, '.dependency-cruiser.cjs'), 'agent'];
    const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(run.stdout).toContain('agent/reaches.ts');
    expect(run.status).toBeGreaterThan(0);
  });
});

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}
