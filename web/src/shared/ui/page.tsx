// The frame of every page: its title, one sentence of what it tells, actions, content.
import { useEffect, type ReactNode } from 'react';

import style from './page.module.css';

interface PageProps {
  title: string;
  /** One sentence: what this page tells. */
  about?: string;
  actions?: ReactNode;
  /** The content takes the window's height and scrolls inside: lists and the map. */
  fill?: boolean;
  children: ReactNode;
}

export function Page({ title, about, actions, fill = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} – OsecT`;
  }, [title]);
  return (
    <div className={`${style['page'] ?? ''} ${fill ? (style['fill'] ?? '') : ''}`}>
      <header className={style['header']}>
        <div className={style['words']}>
          <h1>{title}</h1>
          {about !== undefined && <p className={style['about']}>{about}</p>}
        </div>
        {actions !== undefined && <div className={style['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** No inner margin: for tables that reach the edges. */
  flush?: boolean;
}

export function Panel({ title, actions, children, flush = false }: PanelProps) {
  return (
    <section className={style['panel']}>
      {title !== undefined && (
        <div className={style['panelHeader']}>
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      <div className={flush ? style['flush'] : style['inside']}>{children}</div>
    </section>
  );
}
