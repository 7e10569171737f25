// The access classes above the list, each with its count: what changes the plant first and by weight, what only reads after it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { isChanging } from '@/shared/ui/access-badge';
import { rowsQuery } from '@/shared/ui/list/list-query';
import type { ListDefinition, ListQuery } from '@/shared/ui/list/list-types';
import { useListState } from '@/shared/ui/list/use-list-state';

import style from './operations.module.css';

const order: Schemas['Access'][] = ['write', 'control', 'program', 'config', 'read', 'cyclic', 'diagnostic', 'identity', 'time', 'session', 'none'];
const changing = order.filter(isChanging);

interface AccessStripProps {
  definition: ListDefinition<Schemas['Operation']>;
  base: ListQuery;
}

export function AccessStrip({ definition, base }: AccessStripProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const state = useListState();
  const { access: chosen = [], ...others } = state.filter ?? {};
  const query = rowsQuery(base, { q: state.q, filter: others } as typeof state);
  const groups = useQuery({
    queryKey: ['operations', 'groups', 'access', query],
    queryFn: ({ signal }) => definition.readGroups({ ...query, by: 'access' }, signal),
    placeholderData: keepPreviousData,
  });
  const counts = new Map(groups.data?.items.map((one) => [one.value, one.count]));
  const set = (access: string[]) => {
    const filter = { ...others, ...(access.length > 0 ? { access } : {}) };
    state.set({ filter: Object.keys(filter).length > 0 ? filter : undefined });
  };
  const isAllChanging = chosen.length === changing.length && changing.every((one) => chosen.includes(one));
  const shown = order.filter((one) => isChanging(one) || counts.has(one));
  const countOf = (classes: Schemas['Access'][]) => classes.reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
  return (
    <div className={style['strip']} role="group" aria-label={t('operation.access')}>
      <button type="button" aria-pressed={isAllChanging} title={t('operations.changingHelp')} className={style['class']} onClick={() => { set(isAllChanging ? [] : changing); }}>
        <strong className="number">{formatCount(countOf(changing), locale)}</strong>
        <span>{t('operations.changing')}</span>
      </button>
      <span className={style['rule']} />
      {shown.map((one) => {
        const isChosen = !isAllChanging && chosen.includes(one);
        return (
          <button
            key={one}
            type="button"
            aria-pressed={isChosen}
            title={words.accessHelp(one)}
            className={`${style['class'] ?? ''} ${counts.has(one) ? '' : (style['none'] ?? '')}`}
            onClick={() => { set(isChosen ? chosen.filter((other) => other !== one) : [...(isAllChanging ? [] : chosen), one]); }}
          >
            <strong className="number">{formatCount(counts.get(one) ?? 0, locale)}</strong>
            <span>{words.access(one)}</span>
          </button>
        );
      })}
    </div>
  );
}
