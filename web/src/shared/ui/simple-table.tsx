// A short table without scrolling or paging; long lists use list/.
import type { ReactNode } from 'react';

import style from './simple-table.module.css';

export interface SimpleColumn<T> {
  id: string;
  header: ReactNode;
  render: (row: T) => ReactNode;
  numeric?: boolean;
}

interface SimpleTableProps<T> {
  caption: string;
  columns: SimpleColumn<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}

export function SimpleTable<T>({ caption, columns, rows, keyOf }: SimpleTableProps<T>) {
  return (
    <table className={style['table']}>
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={column.numeric === true ? style['numeric'] : undefined}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <td key={column.id} className={column.numeric === true ? style['numeric'] : undefined}>
                {column.render(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
