// The keyboard of a list: j and k move, Enter opens, x picks, / searches, ? explains. Typing in a field is left alone.
import { useEffect, useRef } from 'react';

interface ListKeys {
  move: (by: number) => void;
  open: () => void;
  select: () => void;
  search: () => void;
  help: () => void;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]') || target.closest('dialog, aside') !== null)
  );
}

export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const { move, open, select, search, help } = latest.current;
      switch (event.key) {
        case 'j':
          move(1);
          break;
        case 'k':
          move(-1);
          break;
        case 'x':
          select();
          break;
        case 'o':
          open();
          break;
        case '/':
          search();
          break;
        case '?':
          help();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
