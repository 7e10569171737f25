// Which two periods: a named pair, before and after a moment, or any two.
import { useTranslation } from 'react-i18next';

import { formatLocal, parseLocal } from '@/shared/lib/format';
import { useZone } from '@/shared/lib/scope';
import { isoSeconds } from '@/shared/lib/time-range';
import type { SearchChange } from '@/shared/lib/use-search-change';
import { TextField } from '@/shared/ui/field';
import { Tabs } from '@/shared/ui/tabs';

import style from './difference.module.css';
import { formatPeriod, pairs, type PeriodSearch, type Periods } from './periods';

interface PeriodPickerProps {
  search: PeriodSearch;
  periods: Periods;
  onChange: SearchChange;
}

export function PeriodPicker({ search, periods, onChange }: PeriodPickerProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const compare = search.compare ?? 'day';
  const field = (label: string, time: Date, set: (time: Date) => void) => (
    <TextField
      key={`${label} ${time.toISOString()}`}
      label={label}
      type="datetime-local"
      defaultValue={formatLocal(time, zone)}
      onBlur={(event) => {
        const to = parseLocal(event.target.value, zone);
        if (to !== undefined && to.getTime() !== time.getTime()) set(to);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
  const bound = (which: 'before' | 'after', end: 'from' | 'to') =>
    field(t(`difference.own.${which}.${end}`), periods[which][end], (time) => {
      onChange({
        before: formatPeriod(periods.before),
        after: formatPeriod(periods.after),
        [which]: formatPeriod({ ...periods[which], [end]: time }),
      });
    });
  return (
    <div className={style['picker']}>
      <Tabs
        label={t('difference.compare')}
        value={compare}
        choices={pairs.map((one) => ({ value: one, label: t(`difference.pair.${one}`) }))}
        onChange={(one) => {
          onChange({
            compare: one,
            at: one === 'moment' ? isoSeconds(periods.after.from) : undefined,
            before: one === 'own' ? formatPeriod(periods.before) : undefined,
            after: one === 'own' ? formatPeriod(periods.after) : undefined,
          });
        }}
      />
      {compare === 'moment' && field(t('difference.moment'), periods.after.from, (at) => { onChange({ at: isoSeconds(at) }); })}
      {compare === 'own' && (
        <div className={style['own']}>
          {bound('before', 'from')}
          {bound('before', 'to')}
          {bound('after', 'from')}
          {bound('after', 'to')}
        </div>
      )}
    </div>
  );
}
