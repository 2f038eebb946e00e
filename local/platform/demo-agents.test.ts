import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareAgents } from './demo-agents.ts';
import { readOptions } from './options.ts';

it('L1 S11 an agent that starts before its instrument finds a source, and reports no failed run', () => {
  const root = mkdtempSync(join(tmpdir(), 'demo-agents-'));
  try {
    const options = readOptions(['--data', root, '--fleet', '2'], {});
    if (options === undefined) throw new Error('the options ask for help; wanted: a platform');
    const data = { root, at: (...parts: string[]) => join(root, ...parts), release: () => undefined };
    prepareAgents(options, data, ['http://127.0.0.1:1']);
    expect(['ARGO1', 'ARGO2'].map((name) => existsSync(join(root, 'fleet', name)))).toEqual([true, true]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
