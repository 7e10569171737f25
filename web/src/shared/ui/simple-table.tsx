// A short table without scrolling or paging; long lists use list/.
import { useEffect, useRef, useState, type ReactNode } from 'react';

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
  // Only a table that is wider than its place is a stop for the keyboard: it has to be scrolled then.
  const frame = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setWide(element.scrollWidth > element.clientWidth + 1);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div
      ref={frame}
      className={style['frame']}
      {...(isWide ? { tabIndex: 0, role: 'region', 'aria-label': caption } : {})}
    >
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
    </div>
  );
}
