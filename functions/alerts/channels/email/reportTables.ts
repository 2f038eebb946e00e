import { htmlText } from '../../../../shared/domain/escaping/html.ts';
import { mailQuote } from '../../../../shared/domain/escaping/mail.ts';
import { visibleLine } from '../../../../shared/domain/escaping/visible.ts';
import type { ReportTable } from '../reportBody.ts';

/** A wider cell moves what follows it, and nothing else. */
const MAX_PADDED = 32;

/** A table in a plain mail: its title, a quoted line for each row, its note. */
export function textTable({ title, columns, rows, note }: ReportTable): string {
  const lines = rows.length === 0 ? [] : [columns, ...rows].map((row) => row.map(visibleLine));
  const widths = columns.map((_, at) =>
    Math.min(MAX_PADDED, Math.max(0, ...lines.map((row) => (row[at] ?? '').length))),
  );
  const quoted = lines.map((row) =>
    mailQuote(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  );
  return [`${title}:`, ...quoted, ...(note === null ? [] : [note])].join('\n');
}

const cellStyle = 'padding:2px 1em 2px 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd';

export function htmlTable({ title, columns, rows, note }: ReportTable): string {
  const head = columns.map((name) => `<th style="${cellStyle};color:#666">${htmlText(name)}</th>`);
  const body = rows.map(
    (row) => `<tr>${row.map((cell) => `<td style="${cellStyle}">${htmlText(cell)}</td>`).join('')}</tr>`,
  );
  return [
    `<h2 style="font-size:15px;margin:1.2em 0 0.3em">${htmlText(title)}</h2>`,
    rows.length === 0
      ? ''
      : `<table style="border-collapse:collapse;font-size:13px"><tr>${head.join('')}</tr>${body.join('')}</table>`,
    note === null ? '' : `<p style="color:#666;margin:0.3em 0">${htmlText(note)}</p>`,
  ].join('\n');
}
