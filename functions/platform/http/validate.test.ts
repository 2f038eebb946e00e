import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { type Fault, validate } from './validate.ts';

function faultsOf(schema: z.ZodType, value: unknown): readonly Fault[] {
  try {
    validate('body', schema, value);
  } catch (error) {
    if (error instanceof Problem) return error.more.errors ?? [];
  }
  return [];
}

const schema = z.strictObject({
  folders: z.array(z.strictObject({ folder: z.union([z.literal(''), z.string().min(3, 'wanted: three')]) })),
});

describe('validate', () => {
  it('F4 says where a value is wrong, by JSON pointer', () => {
    const value = { folders: [{ folder: 'abc' }, { folder: 'a' }] };
    expect(faultsOf(schema, value)).toEqual([
      { pointer: '/body/folders/1/folder', message: 'wanted: three' },
    ]);
  });

  it('F4 names unknown fields, escaped as RFC 6901 has it', () => {
    expect(faultsOf(schema, { folders: [], 'a/b~c': 1 })).toEqual([
      { pointer: '/body/a~1b~0c', message: 'is not known here' },
    ]);
  });

  it('B36 names at most 20 faults, with pointers of bounded length', () => {
    const many = { folders: Array.from({ length: 1000 }, () => ({ folder: 1 })) };
    expect(faultsOf(schema, many)).toHaveLength(20);
    const [long] = faultsOf(schema, { folders: [], ['k'.repeat(100_000)]: 1 });
    expect(long?.pointer.length).toBeLessThan(400);
  });

  it('F15 refuses a NUL in any text, wherever it lies', () => {
    const texts = z.object({ names: z.array(z.object({ name: z.string() })) });
    expect(faultsOf(texts, { names: [{ name: 'a' }, { name: 'b\0c' }] })).toEqual([
      { pointer: '/body/names/1/name', message: 'holds a NUL; wanted: printable text' },
    ]);
  });

  it('A3 never repeats the value that was sent', () => {
    const secret = z.strictObject({ password: z.string().min(50), role: z.enum(['viewer']) });
    expect(JSON.stringify(faultsOf(secret, { password: 'hunter2', role: 'hunter2' }))).not.toContain(
      'hunter2',
    );
  });
});
