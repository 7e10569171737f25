// A button that opens a panel beneath it: closes on Escape, on a click elsewhere and when the focus leaves.
import { useCallback, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { Button } from './button';
import style from './menu.module.css';

interface MenuProps {
  label: ReactNode;
  icon?: ReactNode;
  /** Spoken name where the label is an icon or too short to understand. */
  name?: string;
  /** Which edge of the button the panel keeps to. */
  align?: 'start' | 'end';
  look?: 'plain' | 'quiet';
  small?: boolean;
  children: (close: () => void) => ReactNode;
}

export function Menu({ label, icon, name, align = 'start', look = 'plain', small = false, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();

  // Closing gives the focus back to the button, unless what was pressed has already moved it elsewhere.
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !open && (document.activeElement === document.body || document.activeElement === null)) {
      button.current?.focus();
    }
    wasOpen.current = open;
  }, [open]);
  const close = useCallback(() => {
    setOpen(false);
  }, []);

  useEffect(() => {
    if (!open) return;
    panel.current?.querySelector<HTMLElement>('[data-autofocus], input, button, a, select')?.focus();
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = [...(panel.current?.querySelectorAll<HTMLElement>('button, a, input:not([type=text])') ?? [])];
      const at = all.indexOf(document.activeElement as HTMLElement);
      if (document.activeElement instanceof HTMLSelectElement) return;
      event.preventDefault();
      all[(at + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]?.focus();
    }
  };

  return (
    <div
      ref={root}
      className={style['root']}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <Button
        ref={button}
        look={look}
        small={small}
        icon={icon}
        aria-expanded={open}
        aria-controls={id}
        aria-label={name}
        title={name}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {label}
      </Button>
      {open && (
        <div ref={panel} id={id} className={`${style['panel'] ?? ''} ${style[align] ?? ''}`}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

interface MenuItemProps {
  children: ReactNode;
  onClick: () => void;
  icon?: ReactNode;
  /** Marks the choice that holds now. */
  current?: boolean;
}

export function MenuItem({ children, onClick, icon, current }: MenuItemProps) {
  return (
    <button type="button" className={style['item']} onClick={onClick} aria-pressed={current}>
      {icon}
      <span>{children}</span>
    </button>
  );
}

export function MenuTitle({ children }: { children: ReactNode }) {
  return <p className={style['title']}>{children}</p>;
}
