import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashHere, type StartFileHash } from './fileHash.ts';
import { hashInThread } from './hashInThread.ts';

const program = new URL('../main.ts', import.meta.url);

async function hashesOf(start: StartFileHash, ranges: readonly Buffer[]) {
  const hash = start();
  const md5s: string[] = [];
  for (const range of ranges) {
    const { bytes, md5 } = await hash.add(Buffer.from(Uint8Array.from(range).buffer));
    expect(bytes.equals(range)).toBe(true);
    md5s.push(md5.toString('hex'));
  }
  const sha256 = await hash.sha256();
  hash.end();
  return { sha256, md5s };
}

it.each([
  ['another thread', hashInThread(program)],
  ['this thread', hashHere],
])(
  'P3 F5 hashes in %s are those of the bytes, also of files that are hashed at the same time',
  async (_, start) => {
    const files = Array.from({ length: 4 }, (__, number) =>
      Array.from({ length: 5 }, () => randomBytes(1000 * number + 1)),
    );
    const hashed = await Promise.all(files.map((ranges) => hashesOf(start, ranges)));
    for (const [number, { sha256, md5s }] of hashed.entries()) {
      const ranges = files[number] ?? [];
      expect(sha256).toBe(createHash('sha256').update(Buffer.concat(ranges)).digest('hex'));
      expect(md5s).toEqual(ranges.map((range) => createHash('md5').update(range).digest('hex')));
    }
  },
);

it('P3 a hashing thread that dies fails the file that it had, and the next file has another thread', async () => {
  const dying = hashInThread(new URL('data:text/javascript,process.exit(0)'))();
  await expect(dying.add(Buffer.allocUnsafeSlow(10))).rejects.toThrow(/has ended/);
  dying.end();
  const start = hashInThread(program);
  const first = start();
  first.end();
  expect((await hashesOf(start, [Buffer.from('a')])).sha256).toMatch(/^[0-9a-f]{64}$/);
});
