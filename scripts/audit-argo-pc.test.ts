import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditFlags } from '../agent/audit/commandLine.ts';

const bytes = readFileSync(join(import.meta.dirname, 'audit-argo-pc.ps1'));
const text = bytes.toString('utf8');

/** The program without comments and with the content of its strings taken out, as far as this script uses either. */
const bare = text
  .replace(/'[^'\n]*'/g, "''")
  .replace(/"[^"\n]*"/g, '""')
  .replace(/#.*$/gm, '');

describe('audit-argo-pc.ps1', () => {
  it('F13 passes flags that the audit knows, each of them, and no others', () => {
    const passed = [...text.matchAll(/'--([a-z-]+)'/g)].map(([, flag]) => flag);
    const wanted = Object.keys(auditFlags).filter((flag) => flag !== 'help');
    expect(passed.toSorted()).toEqual(wanted.toSorted());
    for (const flag of passed) {
      const takesValue = new RegExp(`'--${flag ?? ''}', `).test(text);
      expect(takesValue, flag).toBe(auditFlags[flag as keyof typeof auditFlags].type === 'string');
    }
  });

  it('F13 is what Windows PowerShell 5.1 takes', () => {
    // Read as the ANSI code page: only ASCII is the same everywhere.
    expect([...bytes].every((byte) => byte < 0x80)).toBe(true);
    // Of later versions: && and ||, ?: and ??, ?. and clean blocks.
    expect(bare).not.toMatch(/&&|\|\||\?\?|\?\.|\? .* : |^\s*clean\s*\{/m);
    expect(bare).not.toMatch(/\$IsWindows|-Parallel|ConvertFrom-Json .*-AsHashtable|utf8NoBOM/);
  });

  it('F13 closes what it opens', () => {
    for (const [open, close] of ['()', '{}', '[]'].map((pair) => Array.from(pair))) {
      const depths = Array.from(bare, (character) => (character === open ? 1 : character === close ? -1 : 0));
      let depth = 0;
      for (const step of depths) {
        depth += step;
        expect(depth).toBeGreaterThanOrEqual(0);
      }
      expect(depth).toBe(0);
    }
    expect(bare.split("'").length % 2).toBe(1);
  });

  it('F13 uses every parameter that it declares, and declares every variable that it uses', () => {
    const declared = [...bare.matchAll(/^\s*\[[\w[\]]+\] \$(\w+)/gm)].map(([, name]) => name ?? '');
    expect(declared).toHaveLength(9);
    for (const name of declared) expect(text.split(`$${name}`).length, name).toBeGreaterThan(2);
    const assigned = [...bare.matchAll(/\$(\w+)\s*\+?=|\(\$(\w+) in |\[string(?:\[\])?\] \$(\w+)\)/g)];
    const known = new Set<string | undefined>([
      ...declared,
      ...assigned.flatMap(([, ...names]) => names),
      ...['PSScriptRoot', 'LASTEXITCODE', 'ErrorActionPreference', 'null', 'false', '_'],
    ]);
    const used = [...text.matchAll(/\$(\w+)/g)].map(([, name]) => name);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});
