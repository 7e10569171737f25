// The panel on the right that shows one row's details while the list stays in sight.
import { Maximize2, X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from './button';
import style from './drawer.module.css';

interface DrawerProps {
  title: ReactNode;
  onClose: () => void;
  /** Opens the same thing as a page of its own. */
  onExpand?: () => void;
  children: ReactNode;
}

export function Drawer({ title, onClose, onExpand, children }: DrawerProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      className={style['drawer']}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <header className={style['header']}>
        <h2 id={id}>{title}</h2>
        {onExpand && (
          <Button look="quiet" small icon={<Maximize2 size={16} aria-hidden />} onClick={onExpand}>
            {t('common.openAsPage')}
          </Button>
        )}
        <Button
          look="quiet"
          small
          icon={<X size={18} aria-hidden />}
          aria-label={t('common.close')}
          title={t('common.close')}
          onClick={onClose}
        />
      </header>
      <div className={style['body']}>{children}</div>
    </aside>
  );
}
