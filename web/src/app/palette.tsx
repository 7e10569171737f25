// Ctrl+K: finds a page or a device by its name or address and goes there.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { MonitorSmartphone } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useDebounced } from '@/shared/lib/use-debounced';

import style from './frame.module.css';
import { navigationEntries, type Entry } from './navigation';

interface Hit {
  key: string;
  icon: ReactNode;
  name: string;
  aside: string;
  go: () => void;
}

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const organization = useOrganizationId();
  const scope = useScope();
  const q = useDebounced(text.trim(), 150);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
    };
  }, []);

  const found = useQuery({
    queryKey: ['devices', organization, 'palette', q],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/devices', { path: { organization }, query: { q, limit: 10 }, signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });

  const pages: Hit[] = navigationEntries
    .flatMap((entry): Pick<Entry, 'page' | 'Icon' | 'label'>[] => entry.sub ?? [entry])
    .filter((one) => t(one.label).toLowerCase().includes(text.trim().toLowerCase()) || one.page.startsWith(text.trim().toLowerCase()))
    .map(({ page, label, Icon }) => ({
      key: page,
      icon: <Icon size={16} aria-hidden />,
      name: t(label),
      aside: t('palette.page'),
      go: () => void navigate({ to: `/o/$organization/${page}`, params: { organization }, search: scope }),
    }));
  const devices: Hit[] = (q === '' ? [] : (found.data?.items ?? [])).map((device) => ({
    key: `device-${device.id}`,
    icon: <MonitorSmartphone size={16} aria-hidden />,
    name: device.name,
    aside: [...device.ips.slice(0, 1), ...device.macs.slice(0, 1)].join(' · '),
    go: () =>
      void navigate({ to: '/o/$organization/devices/$device', params: { organization, device: device.id }, search: scope }),
  }));
  const hits = [...devices, ...pages];
  const current = Math.min(at, hits.length - 1);
  const choose = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    hit.go();
  };

  return (
    <dialog ref={dialog} className={style['palette']} aria-label={t('palette.open')} onCancel={onClose} onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      <input
        className={style['paletteInput']}
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={hits[current] === undefined ? undefined : `${id}-${String(current)}`}
        aria-label={t('palette.open')}
        placeholder={t('palette.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'ArrowDown') setAt(Math.min(current + 1, hits.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0));
          else if (event.key === 'Enter') choose(hits[current]);
          else return;
          event.preventDefault();
        }}
      />
      <div role="listbox" id={`${id}-list`} aria-label={t('palette.open')} className={style['paletteList']}>
        {hits.map((hit, index) => (
          <div
            key={hit.key}
            id={`${id}-${String(index)}`}
            role="option"
            aria-selected={index === current}
            className={style['paletteItem']}
            onClick={() => {
              choose(hit);
            }}
          >
            {hit.icon}
            <span>{hit.name}</span>
            <span className={style['paletteAside']}>{hit.aside}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && !found.isFetching && <p className={style['paletteNote']}>{t('palette.nothing')}</p>}
    </dialog>
  );
}
