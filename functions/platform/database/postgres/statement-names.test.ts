import { describe, expect, it } from 'vitest';
import { statementNames } from './statement-names.ts';

const uses = (nameOf: (text: string) => string | undefined, text: string, times = 5) =>
  Array.from({ length: times }, () => nameOf(text)).at(-1);

describe('statementNames', () => {
  it('A7 names a statement when it comes for the fifth time, and keeps the name', () => {
    const nameOf = statementNames();
    expect(uses(nameOf, 'select 1', 4)).toBeUndefined();
    expect(nameOf('select 1')).toBe('ds_1');
    expect(nameOf('select 1')).toBe('ds_1');
    expect(uses(nameOf, 'update "a" set "b" = $1')).toBe('ds_2');
  });

  it.each([
    'select * from "a"',
    'select "a".* from "a"',
    'update "a" set "b" = $1 returning *',
    'begin',
    'commit',
  ])('A7 D8 never names %s: a migration would break it, or it is no statement', (text) => {
    expect(uses(statementNames(), text, 20)).toBeUndefined();
  });

  it('A7 a star that multiplies or counts is no list of columns', () => {
    expect(uses(statementNames(), 'select count(*), "a" * 2 from "b"')).toBe('ds_1');
  });

  it('A6 ends: neither names nor counted texts gather for ever', () => {
    const nameOf = statementNames();
    const texts = Array.from({ length: 300 }, (_, index) => `select ${String(index)}`);
    const named = texts.filter((text) => uses(nameOf, text) !== undefined);
    expect(named).toHaveLength(200);
    const often = statementNames();
    for (let index = 0; index < 5000; index += 1) often(`select ${String(index)}`);
    expect(uses(often, 'select 0')).toBe('ds_1');
  });
});
