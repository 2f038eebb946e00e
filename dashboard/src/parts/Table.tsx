import type { ReactNode } from 'react';

/** A column's heading; `wide` columns are left out on a phone. */
export interface Column {
  readonly name: string;
  readonly align?: 'end';
  readonly wide?: boolean;
}

interface TableProps {
  /** Read out before the rows. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}

/** A table that scrolls sideways in its own frame, so that the page never does. */
export function Table({ label, columns, children }: TableProps) {
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={cellClass(column)}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function cellClass(column: Column): string {
  return `${column.align === 'end' ? 'end' : ''} ${column.wide === true ? 'wide' : ''}`;
}
