// Addresses that somebody sought and nobody answered for: apart from the devices, since they are none.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { useOrganizationId } from '@/shared/lib/session';
import { DeviceLink } from '@/shared/ui/device-name';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './devices.module.css';

export function Unheard({ site, sensor }: { site: string | undefined; sensor: string | undefined }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const [isOpen, setOpen] = useState(false);
  const unheard = useQuery({
    queryKey: ['devices', organization, 'unheard', site, sensor],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/devices/unheard', {
        path: { organization },
        query: { ...(site === undefined ? {} : { site }), ...(sensor === undefined ? {} : { sensor }) },
        signal,
      }),
  }).data;
  if (unheard === undefined || unheard.items.length === 0) return null;
  return (
    <div className={style['unheard']}>
      <button type="button" className={style['ask']} aria-expanded={isOpen} onClick={() => { setOpen(!isOpen); }}>
        {t('unheard.title', { count: unheard.items.length })}
      </button>
      {isOpen && (
        <div className={style['unheardList']}>
          <p className="muted">{t('unheard.about')}</p>
          <ul>
            {unheard.items.map((one) => (
              <li key={one.id}>
                <span className="mono">
                  {one.ip ?? '–'} {one.mac ?? ''} {one.vlan === 0 ? '' : `VLAN ${String(one.vlan)}`}
                </span>{' '}
                {one.askers.length > 0 && (
                  <small>
                    {t('unheard.askers')}{' '}
                    {one.askers.map((asker) => (
                      <span key={asker.id}>
                        <DeviceLink device={asker} />{' '}
                      </span>
                    ))}
                  </small>
                )}
                <small className="muted">
                  <TimeAgo time={one.last_seen} />
                </small>
              </li>
            ))}
          </ul>
          {unheard.truncated && <p className="muted">{t('common.more', { count: unheard.items.length })}</p>}
        </div>
      )}
    </div>
  );
}
