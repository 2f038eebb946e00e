import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitPath } from './path-segments.ts';
import { RouteTable } from './route-table.ts';

interface Row {
  name: string;
  route: string;
  methods: string[];
}

function tableOf(routes: Record<string, string>, prefix = ''): RouteTable<Row> {
  const rows = Object.entries(routes).map(([name, route]) => ({ name, route, methods: ['GET'] }));
  return new RouteTable(rows, prefix);
}

function find(table: RouteTable<Row>, path: string, method = 'GET') {
  const segments = splitPath(path);
  const match = segments === undefined ? undefined : table.find(method, segments);
  return match === undefined ? undefined : { ...match.parameters, function: match.target.name };
}

function accepts(constraint: string, value: string): boolean {
  return find(tableOf({ f: `x/{p:${constraint}}` }), `/x/${encodeURIComponent(value)}`) !== undefined;
}

describe('L3 order', () => {
  it('tries functions by name, case ignored, not by how specific a route is', () => {
    const table = tableOf({ Zed: 'runs/latest', alpha: 'runs/{id}', Beta: 'runs/{other}' });
    expect(find(table, '/runs/latest')).toEqual({ function: 'alpha', id: 'latest' });
  });

  it('goes on to the next function when a constraint does not hold', () => {
    const table = tableOf({ a: 'runs/{id:int}', b: 'runs/{name:alpha}', c: '{*rest}' });
    expect(find(table, '/runs/7')).toEqual({ function: 'a', id: '7' });
    expect(find(table, '/runs/last')).toEqual({ function: 'b', name: 'last' });
    expect(find(table, '/runs/l4st')).toEqual({ function: 'c', rest: 'runs/l4st' });
  });

  it('does not know a path by a method that no function takes', () => {
    expect(find(tableOf({ a: 'runs' }), '/runs', 'POST')).toBeUndefined();
    expect(find(tableOf({ a: 'runs' }), '/runs', 'HEAD')).toBeUndefined();
  });
});

describe('L3 shapes', () => {
  it('compares literals without case and takes one slash at the end', () => {
    const table = tableOf({ a: 'API/Runs' });
    expect(find(table, '/api/rUNS/')).toEqual({ function: 'a' });
    expect(find(table, '/api/runs//')).toBeUndefined();
    expect(find(table, '/api//runs')).toBeUndefined();
  });

  it('leaves an absent optional parameter out and fills in a default', () => {
    const table = tableOf({ a: 'one/{id?}', b: 'two/{id:int=5}/{kind=all}' });
    expect(find(table, '/one')).toEqual({ function: 'a' });
    expect(find(table, '/one/7')).toEqual({ function: 'a', id: '7' });
    expect(find(table, '/two')).toEqual({ function: 'b', id: '5', kind: 'all' });
    expect(find(table, '/two/6')).toEqual({ function: 'b', id: '6', kind: 'all' });
    expect(find(table, '/two/six')).toBeUndefined();
  });

  it('takes the rest of a path, also none of it', () => {
    const table = tableOf({ a: 'files/{*path}' });
    expect(find(table, '/files')).toEqual({ function: 'a' });
    expect(find(table, '/files/a/b%20c/d')).toEqual({ function: 'a', path: 'a/b c/d' });
    expect(find(tableOf({ a: '{*path}' }), '/')).toEqual({ function: 'a' });
  });

  it('reads parameters out of mixed segments, the first taking the most', () => {
    const table = tableOf({ a: '{name}.{extension}', b: 'v{major:int}-{minor:int}/x' });
    expect(find(table, '/a.b.txt')).toEqual({ function: 'a', name: 'a.b', extension: 'txt' });
    expect(find(table, '/v1-2/x')).toEqual({ function: 'b', major: '1', minor: '2' });
    expect(find(table, '/v1-b/x')).toBeUndefined();
  });

  it('puts the prefix of host.json before every route', () => {
    const table = tableOf({ a: 'runs' }, 'api');
    expect(find(table, '/api/runs')).toEqual({ function: 'a' });
    expect(find(table, '/runs')).toBeUndefined();
  });

  it('keeps an encoded slash within its segment and decodes everything else', () => {
    const table = tableOf({ a: 'x/{p}' });
    expect(find(table, '/x/a%2Fb%2fc')).toEqual({ function: 'a', p: 'a%2Fb%2fc' });
    expect(find(table, '/x/%E2%82%AC%252F')).toEqual({ function: 'a', p: '€%2F' });
  });
});

describe('L3 constraints', () => {
  it.each([
    ['int', ['0', '-7', '+7', '2147483647', '-2147483648'], ['2147483648', '1.0', 'a', '0x1', '1e3']],
    ['long', ['9223372036854775807'], ['9223372036854775808', '']],
    ['bool', ['true', 'FALSE'], ['1', 'yes']],
    [
      'guid',
      ['0191d2f0-5e3a-7cc3-98c5-1fd0c1d0f4a5', '0191d2f05e3a7cc398c51fd0c1d0f4a5'],
      ['0191d2f0', '{0191d2f0-5e3a-7cc3-98c5-1fd0c1d0f4a5'],
    ],
    ['alpha', ['abc', 'ABC'], ['a1', 'ä']],
    ['decimal', ['1', '-1.5'], ['1e5', 'x']],
    ['double', ['1e5', '-1.5', 'NaN'], ['x']],
    ['datetime', ['2026-04-13', '2026-04-13T02:00:00Z'], ['yesterday']],
    ['length(2,3)', ['ab', 'abc'], ['a', 'abcd']],
    ['length(2)', ['ab'], ['a', 'abc']],
    ['minlength(2)', ['ab', 'abc'], ['a']],
    ['maxlength(2)', ['a', 'ab'], ['abc']],
    ['min(5)', ['5', '+6'], ['4', 'x']],
    ['max(5)', ['5', '-6'], ['6', 'x']],
    ['range(5,7)', ['5', '7'], ['4', '8']],
    ['regex(^\\d{{4}}-[ab]$)', ['2026-a', '2026-B'], ['206-a', 'x2026-a']],
    ['regex(^a:(b|c)$)', ['a:b'], ['a:d']],
    ['int:min(3):max(4)', ['3', '4'], ['2', '5']],
  ])('%s', (constraint, accepted, refused) => {
    for (const value of accepted) expect(accepts(constraint, value), value).toBe(true);
    for (const value of refused) expect(accepts(constraint, value), value).toBe(false);
  });
});

describe('L3 refusals at start', () => {
  it.each([
    ['admin/x', 'belong to Azure'],
    ['Administrators', 'belong to Azure'],
    ['runtime', 'belong to Azure'],
    ['a/{id:integer}', "'integer' is no route constraint"],
    ['a/{id:length(x)}', 'no arguments'],
    ['a/{*rest}/b', 'must be the last segment'],
    ['a/{id?}/b', 'must be the last segment'],
    ['a/{id}/{ID}', 'names {id} twice'],
    ['a/{id', 'a { has no }'],
    ['a/id}', 'a } has no {'],
    ['a//b', 'an empty segment'],
    ['a/{x}{y}', 'two parameters stand side by side'],
  ])('route %s', (route, reason) => {
    expect(() => tableOf({ f: route })).toThrow(reason);
    expect(() => tableOf({ f: route })).toThrow('Function "f"');
  });

  it('refuses a route that two functions claim for one method, and only then', () => {
    const row = (name: string, methods: string[]): Row => ({
      name,
      route: name === 'a' ? 'X/y' : 'x/y',
      methods,
    });
    expect(() => new RouteTable([row('a', ['GET']), row('b', ['post', 'get'])], '')).toThrow('"a" and "b"');
    expect(() => new RouteTable([row('a', ['GET']), row('b', ['POST'])], '')).not.toThrow();
  });
});

describe('L3 paths from outside', () => {
  it('answers nothing under /admin and /runtime, whatever a catch-all claims', () => {
    const table = tableOf({ a: '{*path}' });
    expect(find(table, '/admin/host/status')).toBeUndefined();
    expect(find(table, '/x/../%41dmin')).toBeUndefined();
    expect(find(table, '/administrators')).toEqual({ function: 'a', path: 'administrators' });
  });

  it('knows no path that cannot be decoded or holds NUL', () => {
    expect(splitPath('/a/%E2%82')).toBeUndefined();
    expect(splitPath('/a/%zz')).toBeUndefined();
    expect(splitPath('/a/%00')).toBeUndefined();
  });

  it('never throws and never leaves a dot segment, written or encoded', () => {
    const piece = fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '%2E.', '', '%2F', '%'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = splitPath(`/${pieces.join('/')}`);
        expect(path?.values.some((value) => value === '..' || value === '.') ?? false).toBe(false);
      }),
    );
  });
});
