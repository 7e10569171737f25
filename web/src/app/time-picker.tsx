// The one time range: relative ("the last 24 hours") or from one moment to another in the site's time zone.
import { ChevronDown, Clock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { formatLocal, formatMoment, parseLocal } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useSetScope, useTimeRange, useZone } from '@/shared/lib/scope';
import { boundsOf, formatRange, relativeRanges } from '@/shared/lib/time-range';
import { Button } from '@/shared/ui/button';
import { TextField } from '@/shared/ui/field';
import { Menu, MenuItem, MenuTitle } from '@/shared/ui/menu';

import style from './frame.module.css';
import part from './pickers.module.css';

export function TimePicker() {
  const { t } = useTranslation();
  const range = useTimeRange();
  const locale = useLocale();
  const zone = useZone();
  const setScope = useSetScope();
  const now = useNow(60_000);

  const label =
    range.kind === 'relative'
      ? t(`time.last.${range.range}`)
      : `${formatMoment(range.from, now, locale, zone)} – ${formatMoment(range.to, now, locale, zone)}`;

  return (
    <Menu
      icon={<Clock size={16} aria-hidden />}
      name={t('time.label', { range: label })}
      label={
        <>
          <span className={style['scopeLabel']}>{label}</span>
          <ChevronDown size={14} aria-hidden />
        </>
      }
    >
      {(close) => (
        <>
          {relativeRanges.map((one) => (
            <MenuItem
              key={one}
              current={range.kind === 'relative' && range.range === one}
              onClick={() => {
                setScope({ time: one });
                close();
              }}
            >
              {t(`time.last.${one}`)}
            </MenuItem>
          ))}
          <MenuTitle>{t('time.absolute', { zone })}</MenuTitle>
          <AbsoluteForm
            bounds={boundsOf(range, now)}
            zone={zone}
            onChoose={(from, to) => {
              setScope({ time: formatRange({ kind: 'absolute', from, to }) });
              close();
            }}
          />
        </>
      )}
    </Menu>
  );
}

interface AbsoluteFormProps {
  bounds: { from: Date; to: Date };
  zone: string;
  onChoose: (from: Date, to: Date) => void;
}

function AbsoluteForm({ bounds, zone, onChoose }: AbsoluteFormProps) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(formatLocal(bounds.from, zone));
  const [to, setTo] = useState(formatLocal(bounds.to, zone));
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      className={part['form']}
      onSubmit={(event) => {
        event.preventDefault();
        const start = parseLocal(from, zone);
        const end = parseLocal(to, zone);
        if (start !== undefined && end !== undefined && start < end) onChoose(start, end);
        else setWrong(true);
      }}
    >
      <TextField
        label={t('time.from')}
        type="datetime-local"
        required
        value={from}
        onChange={(event) => {
          setFrom(event.target.value);
        }}
      />
      <TextField
        label={t('time.to')}
        type="datetime-local"
        required
        value={to}
        error={isWrong ? t('time.wrongOrder') : undefined}
        onChange={(event) => {
          setTo(event.target.value);
        }}
      />
      <Button type="submit" look="primary">
        {t('time.apply')}
      </Button>
    </form>
  );
}
