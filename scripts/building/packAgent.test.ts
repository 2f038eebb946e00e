import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packAgent } from './packAgent.ts';

const repository = join(import.meta.dirname, '../..');

/** A program that takes of zod, of Node's own modules and of a CommonJS package what the agent takes of them. */
const program = `
import { createHash } from 'node:crypto';
import fs, { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import picomatch from 'picomatch';
import { z } from 'zod';
const refused = z.object({ size: z.int() }).safeParse({ size: 'x' }).error?.issues[0]?.message;
const { said } = await import('./rarely.ts');
console.log(JSON.stringify({
  refused,
  said,
  hash: createHash('sha256').update('x').digest('hex').slice(0, 8),
  files: typeof readFileSync === 'function' && fs.readFileSync === readFileSync,
  matches: picomatch('*.geo')('a.geo'),
  agent: new Agent({ keepAlive: true }).keepAlive,
  loaded: process.moduleLoadList,
}));
`;

interface Said {
  readonly refused: string;
  readonly loaded: readonly string[];
}

describe('packAgent()', () => {
  let root: string;
  let said: Said;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'pack-agent-'));
    writeFileSync(join(root, 'main.ts'), program);
    writeFileSync(
      join(root, 'rarely.ts'),
      `import { z } from 'zod'; export const said = z.email().safeParse('a').success;`,
    );
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    const to = join(root, 'dist/agent.mjs');
    await packAgent({ entry: join(root, 'main.ts'), to });
    rmSync(join(root, 'node_modules'));
    said = JSON.parse(execFileSync(process.execPath, [to], { encoding: 'utf8' })) as Said;
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('F12 leaves a program that runs with nothing installed and answers as before it was packed', () => {
    const { loaded: _, ...rest } = said;
    expect(rest).toEqual({
      refused: 'Invalid input: expected number, received string',
      said: false,
      hash: '2d711642',
      files: true,
      matches: true,
      agent: true,
    });
  });

  it('P1 leaves out what is not used: the other languages of messages, and Node’s modules behind unused exports', () => {
    const modules = globSync('dist/*.mjs', { cwd: root });
    const read = (file: string) => readFileSync(join(root, file), 'utf8');
    expect(modules.filter((file) => read(file).includes('Input non valido'))).toEqual([]);
    expect(said.loaded).toContain('NativeModule crypto');
    expect(said.loaded).not.toContain('NativeModule internal/crypto/webcrypto');
    expect(said.loaded).not.toContain('NativeModule internal/deps/undici/undici');
  });
});
