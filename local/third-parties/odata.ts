/** By the names of a search's fields, the texts that they are compared by. */
export type ODataFields<Row> = Readonly<Record<string, (row: Row) => string>>;

const COMPARISON = /^([A-Za-z/]+) ge (\S+)$/;

/**
 * Rows that a filter keeps: comparisons by `ge`, joined by `or`; null for any other, as a server that does not know the field refuses it.
 * https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptionfilter
 */
export function filtered<Row>(
  rows: readonly Row[],
  filter: string | null,
  fields: ODataFields<Row>,
): readonly Row[] | null {
  if (filter === null || filter === '') return rows;
  const comparisons = filter.split(' or ').map((part) => {
    const [, name = '', least = ''] = COMPARISON.exec(part) ?? [];
    const field = fields[name];
    return field === undefined ? null : (row: Row) => Date.parse(field(row)) >= Date.parse(least);
  });
  if (comparisons.includes(null)) return null;
  return rows.filter((row) => comparisons.some((holds) => holds?.(row) === true));
}
