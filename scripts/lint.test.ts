import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const later = 'const later = async (): Promise<void> => { await Promise.resolve(); };';

/** A program, and the rules that it breaks: none, and it is allowed. */
const programs: Record<string, readonly [text: string, ...broken: string[]]> = {
  // What the type checker is asked.
  'agent/floating.ts': [`${later} later();`, 'typescript(no-floating-promises)'],
  'agent/void.ts': [`${later} void later();`, 'typescript(no-floating-promises)'],
  'agent/misused.ts': [`${later} ['a'].forEach(later);`, 'typescript(no-misused-promises)'],
  'agent/await.ts': [`await 1;`, 'typescript(await-thenable)'],
  'agent/assigns.ts': [`export const any = JSON.parse('1');`, 'typescript(no-unsafe-assignment)'],
  'agent/reads.ts': [`export const isBig = JSON.parse('1').size > 1;`, 'typescript(no-unsafe-member-access)'],
  'agent/calls.ts': [`JSON.parse('1')();`, 'typescript(no-unsafe-call)'],
  'agent/gives.ts': [`export const size = (): number => JSON.parse('1');`, 'typescript(no-unsafe-return)'],
  'agent/hands.ts': [`Number.parseInt(JSON.parse('1'));`, 'typescript(no-unsafe-argument)'],
  'agent/condition.ts': [
    `export const isThere = (list: string[]) => (list ? 'yes' : 'no');`,
    'typescript(no-unnecessary-condition)',
  ],
  'agent/assertion.ts': [
    `export const same = (text: string) => text as string;`,
    'typescript(no-unnecessary-type-assertion)',
  ],
  'agent/switch.ts': [
    `export function look(at: 'a' | 'b'): void { switch (at) { case 'a': break; } }`,
    'typescript(switch-exhaustiveness-check)',
  ],
  'agent/template.ts': [
    'export const say = (what: Date | null) => `${what}`;',
    'typescript(restrict-template-expressions)',
  ],
  'agent/throw.ts': [`export function fail(): never { throw 'broken'; }`, 'typescript(only-throw-error)'],
  'agent/or.ts': [
    `export const named = (name?: string) => name || 'none';`,
    'typescript(prefer-nullish-coalescing)',
  ],
  'agent/chain.ts': [
    `export const at = (given?: { a: string }) => given && given.a;`,
    'typescript(prefer-optional-chain)',
  ],
  'agent/deprecated.ts': [
    `/** @deprecated */ const old = 1; export const now = old;`,
    'typescript(no-deprecated)',
  ],
  // For what the text is enough.
  'agent/any.ts': [`export let given: any;`, 'typescript(no-explicit-any)'],
  'agent/sure.ts': [
    `export const first = (list: string[]) => list[0]!;`,
    'typescript(no-non-null-assertion)',
  ],
  'agent/types.ts': [
    `import { Stats } from 'node:fs'; export const size = (of: Stats) => of.size;`,
    'typescript(consistent-type-imports)',
  ],
  'agent/require.ts': [`export const fs = require('node:fs') as object;`, 'typescript(no-require-imports)'],
  'agent/unused.ts': [`const unused = 1;`, 'eslint(no-unused-vars)'],
  'agent/unused-on-purpose.ts': [`const _unused = 1;`],
  'agent/console.ts': [`console.log('hello');`, 'eslint(no-console)'],
  'agent/main.ts': [`console.log('hello');`],
  'scripts/console.ts': [`console.log('hello');`],
  'agent/equal.ts': [`export const isSame = (a: string, b: string) => a == b;`, 'eslint(eqeqeq)'],
  'agent/bell.ts': [`export const bell = /\\x07/;`, 'eslint(no-control-regex)'],
  'agent/silenced.ts': [`// oxlint-disable-next-line no-console -- said on purpose\nconsole.log('hello');`],
  'agent/silenced-for-nothing.ts': [
    `// oxlint-disable-next-line no-console -- nothing is said\nexport const quiet = 1;`,
    'unused directive',
  ],
  'agent/default.ts': [`export default 1;`, 'import(no-default-export)'],
  'any.config.js': [`export default 1;`],
  'agent/plain.js': [`export const any = JSON.parse('1');`],
  'agent/long.ts': ['void 0;\n'.repeat(401), 'eslint(max-lines)'],
  // Tests.
  'agent/only.test.ts': [
    `import { it } from 'vitest'; it.only('R1', () => undefined);`,
    'eslint(no-restricted-properties)',
  ],
  'agent/skip.test.ts': [
    `import { it } from 'vitest'; it.skip('R1', () => undefined);`,
    'eslint(no-restricted-properties)',
  ],
  'test/todo.ts': [`import { test } from 'vitest'; test.todo('R1');`, 'eslint(no-restricted-properties)'],
  'test/skip-if.ts': [
    `import { describe } from 'vitest'; describe.skipIf(process.pid > 1)('R1', () => undefined);`,
    'eslint(no-restricted-properties)',
  ],
  'test/each.ts': [`import { it } from 'vitest'; it.each([1])('R1', () => undefined);`],
  'test/answer.ts': [`export const size = JSON.parse('1').size;`],
  // The dashboard, by a tsconfig.json of its own.
  'dashboard/src/Hook.tsx': [
    `import { useState } from 'react'; export function Page({ is }: { is: boolean }) { if (is) useState(1); return <p />; }`,
    'react-hooks(rules-of-hooks)',
  ],
  'dashboard/src/Deps.tsx': [
    `import { useEffect } from 'react'; export function Page({ name }: { name: string }) { useEffect(() => { document.title = name; }, []); return <p />; }`,
    'react-hooks(exhaustive-deps)',
  ],
  'dashboard/src/Effect.tsx': [
    `import { useEffect, useState } from 'react'; export function Page({ name }: { name: string }) { const [shown, show] = useState(''); useEffect(() => { show(name); }, [name]); return <p>{shown}</p>; }`,
    'react(set-state-in-effect)',
  ],
  'dashboard/src/Random.tsx': [`export function Page() { return <p>{Math.random()}</p>; }`, 'react(purity)'],
  'dashboard/src/Floating.tsx': [
    `${later} export function Page() { return <button onClick={() => { later(); }} />; }`,
    'typescript(no-floating-promises)',
  ],
  'dashboard/src/Handler.tsx': [
    `${later} export function Page() { return <button onClick={() => void later()} onFocus={later} />; }`,
  ],
};

/** `file: rule` for all that was found. */
function lint(folder: string): string[] {
  const { stdout, stderr } = spawnSync('oxlint', ['--format', 'json'], { cwd: folder, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`Linting ${folder}: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code?: string }[] };
  return diagnostics.map(({ filename, code }) => `${filename}: ${code ?? 'unused directive'}`);
}

describe('the rules of the linter', () => {
  let folder: string;

  beforeAll(() => {
    const root = join(import.meta.dirname, '..');
    folder = mkdtempSync(join(tmpdir(), 'lint-'));
    for (const [path, [text]] of Object.entries(programs)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    for (const path of ['oxlint.config.ts', 'tsconfig.json', 'dashboard/tsconfig.json', 'package.json']) {
      copyFileSync(join(root, path), join(folder, path));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('D8 each catches what it forbids, and nothing that is allowed', () => {
    const wanted = Object.entries(programs).flatMap(([path, [, ...broken]]) =>
      broken.map((rule) => `${path}: ${rule}`),
    );
    expect(lint(folder).toSorted()).toEqual(wanted.toSorted());
  });
});
