// Names and values of one thing, in as many columns as there is room for.
import type { ReactNode } from 'react';

import style from './fact-list.module.css';

export function FactList({ entries }: { entries: [string, ReactNode][] }) {
  return (
    <dl className={style['facts']}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
