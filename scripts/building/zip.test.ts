import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zip } from './zip.ts';

const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text) });

/** By the directory at its end, as every program reads an archive. */
function unzip(archive: Buffer): Record<string, string> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, string> = {};
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [packed, nameBytes] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28)];
    const name = archive.toString('utf8', at + 46, at + 46 + nameBytes);
    const local = archive.readUInt32LE(at + 42);
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files[name] = inflateRawSync(archive.subarray(from, from + packed)).toString();
    at += 46 + nameBytes;
  }
  return files;
}

describe('zip()', () => {
  it('D8 holds each file, whole, whatever is in it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-zäß0-9/]{1,30}$/), fc.string()), (files) => {
        const archive = zip(Object.entries(files).map(([path, text]) => file(path, text)));
        expect(unzip(archive)).toEqual({ ...files });
      }),
      { numRuns: 50 },
    );
  });

  it('D8 the same files give the same bytes, in whatever order they are found', () => {
    const files = [file('b/x.mjs', 'x'.repeat(10_000)), file('a.json', '{}'), file('ä', '')];
    expect(zip(files).equals(zip(files.toReversed()))).toBe(true);
  });
});
