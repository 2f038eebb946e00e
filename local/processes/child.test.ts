import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startChildProcess } from './child.ts';
import type { RunningChild } from './child.ts';

let folder = '';
const started: RunningChild[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill();
  await rm(folder, { recursive: true, force: true });
});

async function start(source: string, options: { args?: string[]; env?: NodeJS.ProcessEnv } = {}) {
  const entry = join(folder, 'program.ts');
  await writeFile(entry, source);
  const lines: string[] = [];
  const seen = Promise.withResolvers<string>();
  const child = await startChildProcess({
    name: 'program',
    entry,
    log: () => undefined,
    onLine: (line, stream) => {
      lines.push(`${stream}: ${line}`);
      seen.resolve(line);
    },
    ...options,
  });
  started.push(child);
  return { child, lines, firstLine: seen.promise };
}

it('L1 runs a TypeScript program with its arguments and environment and hands on its lines', async () => {
  const { child, lines } = await start(
    `const answer: string = process.env['ANSWER'] ?? ''; console.log(process.argv[2], answer); console.error('late');`,
    { args: ['forty'], env: { ...process.env, ANSWER: 'two' } },
  );
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(lines.toSorted()).toEqual(['stderr: late', 'stdout: forty two']);
});

it('L1 stop lets the SIGTERM handlers of the program end it', async () => {
  const { child, firstLine } = await start(
    `setInterval(() => {}, 1000); process.once('SIGTERM', () => { console.log('tidied'); process.exit(7); }); console.log('up');`,
  );
  await firstLine;
  expect(await child.stop()).toEqual({ code: 7, signal: null });
});

it('L1 stop kills a program that does not end by itself', async () => {
  const { child, firstLine } = await start(
    `setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); console.log('up');`,
  );
  await firstLine;
  expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
});

it('L1 a child does not outlive a parent that was killed with -9', async () => {
  const childModule = new URL('./child.ts', import.meta.url).href;
  await writeFile(
    join(folder, 'grandchild.ts'),
    `setInterval(() => {}, 1000); console.log('up ' + process.pid);`,
  );
  const { child, firstLine } = await start(
    `import { startChildProcess } from ${JSON.stringify(childModule)};
     await startChildProcess({ name: 'grandchild', entry: ${JSON.stringify(join(folder, 'grandchild.ts'))},
       log: () => {}, onLine: (line) => { console.log(line); } });`,
  );
  const grandchild = Number((await firstLine).split(' ')[1]);
  expect(process.kill(grandchild, 0)).toBe(true);
  child.kill();
  await child.exited;
  await expect.poll(() => isAlive(grandchild)).toBe(false);
});

it('L1 a program that cannot be found is seen by its exit', async () => {
  const child = await startChildProcess({
    name: 'nothing',
    entry: join(folder, 'nothing.ts'),
    log: () => undefined,
  });
  expect((await child.exited).code).toBe(1);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
