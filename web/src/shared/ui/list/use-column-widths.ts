// Widths of a table's columns, kept in the browser between visits.
import { useState } from 'react';

interface Sized {
  id: string;
  width: number;
}

const clamp = (width: number) => Math.round(Math.max(60, Math.min(800, width)));

function readWidths(key: string): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return Object.fromEntries(
      Object.entries(stored as object).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return {};
  }
}

export function useColumnWidths(table: string) {
  const key = `osect.widths.${table}`;
  const [widths, setWidths] = useState(() => readWidths(key));

  const set = (column: Sized, width: number) => {
    setWidths((before) => {
      const after = { ...before, [column.id]: clamp(width) };
      localStorage.setItem(key, JSON.stringify(after));
      return after;
    });
  };
  const widthOf = (column: Sized) => widths[column.id] ?? column.width;

  return {
    widthOf,
    resizeBy: (column: Sized, pixels: number) => {
      set(column, widthOf(column) + pixels);
    },
    /** Follows the pointer until it is let go. */
    startResize: (column: Sized, event: React.PointerEvent) => {
      event.preventDefault();
      const handle = event.currentTarget;
      const from = event.clientX;
      const width = widthOf(column);
      handle.setPointerCapture(event.pointerId);
      const move = (moved: Event) => {
        set(column, width + (moved as PointerEvent).clientX - from);
      };
      handle.addEventListener('pointermove', move);
      handle.addEventListener(
        'lostpointercapture',
        () => {
          handle.removeEventListener('pointermove', move);
        },
        { once: true },
      );
    },
  };
}
