/** A file that is no CSV; the message names the line. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
}

/** The rows of a CSV file (RFC 4180): quoted fields, CRLF or LF, a byte order mark; empty lines are none. Throws CsvFault. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const field = readField(text, at, rows.length + 1);
    row.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at += 1;
      if (at < text.length) continue;
      row.push('');
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

function readField(
  text: string,
  start: number,
  row: number,
): { readonly value: string; readonly end: number } {
  if (text[start] !== '"') {
    const end = nextOf(text, /[,\r\n]/g, start);
    return { value: text.slice(start, end), end };
  }
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new CsvFault(`Row ${String(row)} ends within a quoted field`);
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    const end = quote + 1;
    if (end < text.length && !/[,\r\n]/.test(text[end] ?? ''))
      throw new CsvFault(`Row ${String(row)} goes on after the end of a quoted field`);
    return { value: text.slice(start + 1, quote).replaceAll('""', '"'), end };
  }
}

function nextOf(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/**
 * The rows of a CSV file by the names of its header. Throws CsvFault for a header that lacks one of the wanted names, and
 * for a row with more or fewer fields: the file is cut off, or of another kind.
 */
export function csvRecords<Name extends string>(
  text: string,
  wanted: readonly Name[],
): Record<Name, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((name) => name.trim());
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new CsvFault(`Its header lacks ${missing.join(', ')}; it reads: ${names.join(', ').slice(0, 200)}`);
  return rows.map((row, index) => {
    if (row.length !== names.length)
      throw new CsvFault(
        `Row ${String(index + 2)} has ${String(row.length)} fields; wanted ${String(names.length)}`,
      );
    return Object.fromEntries(wanted.map((name) => [name, row[names.indexOf(name)] ?? ''])) as Record<
      Name,
      string
    >;
  });
}
