// Changes search parameters of the page on screen and keeps all others. What stands in the URL is validated where the
// route reads it, so any change may be asked for here.
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What one would want to go back from is pushed; typing, selecting and the like replace the entry in the history. */
export type SearchChange = (change: Record<string, unknown>, how?: 'push' | 'replace') => void;

export function useSearchChange(): SearchChange {
  const navigate = useNavigate();
  return useCallback(
    (change, how = 'push') => {
      void navigate({
        to: '.',
        search: ((before: object) => ({ ...before, ...change })) as never,
        replace: how === 'replace',
        resetScroll: false,
      });
    },
    [navigate],
  );
}
