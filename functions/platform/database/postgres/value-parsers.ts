import pg from 'pg';

const int8 = 20;
const numeric = 1700;

/** Counts, sizes and sums as numbers, as on the other database; a size over 2^53 - 1 bytes cannot occur. Local to our pool. */
export const valueParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 || oid === numeric
      ? Number
      : (pg.types.getTypeParser(oid, format) as unknown)) as pg.CustomTypesConfig['getTypeParser'],
};
