import pg from 'pg';

const int8 = 20;
const numeric = 1700;

/** The driver's own; its declarations know only the numbers of built-in types. */
const anyTypeParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => unknown;

/** Counts, sizes and sums as numbers, as on the other database; a size over 2^53 - 1 bytes cannot occur. Local to our pool. */
export const valueParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 || oid === numeric
      ? Number
      : anyTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};
