// The one frame for what is not there: still loading, empty, or failed; it always says why and what to do next.
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { CircleAlert, Inbox } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem } from '@/shared/lib/problem';

import { Button } from './button';
import style from './state-frame.module.css';

/** Grey bars in place of what is coming, shown only when it takes longer than 200 ms. */
export function Skeleton({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setVisible(true);
    }, 200);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div className={style['skeleton']} role="status" aria-label={t('common.loading')}>
      {visible && Array.from({ length: rows }, (_, row) => <span key={row} />)}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={style['message']}>
      <Inbox size={28} aria-hidden />
      <h2>{title}</h2>
      {children !== undefined && <div className={style['next']}>{children}</div>}
    </div>
  );
}

/** The words for a problem: known kinds in plain language, others as the API says them. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof Problem)) return t('problem.unknown');
    switch (error.status) {
      case 0:
        return t('problem.offline');
      case 403:
        return t('problem.forbidden');
      case 404:
        return t('problem.notFound');
      case 503:
        return t('problem.unavailable');
      default:
        return error.status >= 500 ? t('problem.server') : error.message;
    }
  };
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const text = useProblemText();
  return (
    <div className={style['message']} role="alert">
      <CircleAlert size={28} aria-hidden />
      <h2>{t('problem.title')}</h2>
      <div className={style['next']}>
        <p>{text(error)}</p>
        <Button
          onClick={() => {
            if (onRetry !== undefined) onRetry();
            else void client.refetchQueries({ type: 'active' });
          }}
        >
          {t('common.tryAgain')}
        </Button>
      </div>
    </div>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** Shows a query's data, or why there is none. */
export function Loaded<T>({ query, rows = 5, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={rows} />;
}
