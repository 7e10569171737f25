// Picks devices of a site by a few letters of their name or address.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { useOrganizationId } from '@/shared/lib/session';
import { useDebounced } from '@/shared/lib/use-debounced';
import { Button } from '@/shared/ui/button';
import { TextField } from '@/shared/ui/field';

import style from './planned-work.module.css';

export interface Picked {
  id: string;
  name: string;
}

/** As many matches as can be looked over. */
const matchesMost = 8;

interface DevicePickerProps {
  site: string | undefined;
  picked: Picked[];
  onChange: (picked: Picked[]) => void;
}

export function DevicePicker({ site, picked, onChange }: DevicePickerProps) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const [text, setText] = useState('');
  const q = useDebounced(text.trim(), 250);
  const found = useQuery({
    queryKey: ['devices', 'picker', organization, site, q],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/devices', { path: { organization }, query: { site, q, limit: matchesMost }, signal }),
    enabled: q !== '' && site !== undefined,
  });
  const matches = q === '' ? [] : (found.data?.items ?? []).filter((one) => !picked.some(({ id }) => id === one.id));
  return (
    <>
      <TextField
        label={t('plannedWork.devices')}
        hint={t('plannedWork.devicesHint')}
        value={text}
        type="search"
        onChange={(event) => { setText(event.target.value); }}
        onKeyDown={(event) => {
          const [first] = matches;
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (first === undefined) return;
          onChange([...picked, { id: first.id, name: first.name }]);
          setText('');
        }}
      />
      {matches.length > 0 && (
        <ul className={style['picks']} aria-label={t('plannedWork.matches')}>
          {matches.map((one) => (
            <li key={one.id}>
              <Button
                small
                onClick={() => {
                  onChange([...picked, { id: one.id, name: one.name }]);
                  setText('');
                }}
              >
                {one.name} <span className="muted mono">{one.ips[0] ?? one.macs[0] ?? ''}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {picked.length > 0 && (
        <ul className={style['picks']} aria-label={t('plannedWork.picked')}>
          {picked.map((one) => (
            <li key={one.id}>
              <Button small look="quiet" aria-label={t('plannedWork.unpick', { name: one.name })} onClick={() => { onChange(picked.filter(({ id }) => id !== one.id)); }}>
                {one.name} ×
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
