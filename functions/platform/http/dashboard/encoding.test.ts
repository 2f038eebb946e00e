import { expect, it } from 'vitest';
import { acceptedEncodings } from './encoding.ts';

it.each([
  [null, []],
  ['', []],
  ['identity', []],
  ['gzip', ['gzip']],
  ['gzip, deflate, br, zstd', ['br', 'gzip']],
  ['br;q=0, gzip;q=0.5', ['gzip']],
  ['*', ['br', 'gzip']],
  ['*;q=0, gzip', ['gzip']],
  ['GZIP ; Q=1', ['gzip']],
])('P8 Accept-Encoding %s allows %j', (header, wanted) => {
  expect(acceptedEncodings(header).map(({ name }) => name)).toEqual(wanted);
});
