// Everything known about one device; the same in the drawer and on the device's own page.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { useBounds, useSetScope } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { formatRange } from '@/shared/lib/time-range';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { TimeChart } from '@/shared/ui/chart/time-chart';
import { DeviceIcon } from '@/shared/ui/device-name';
import { Panel } from '@/shared/ui/page';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { Addresses } from './device-addresses';
import { DeviceEdit } from './device-edit';
import { Facts } from './device-facts';
import { Operations, Peers } from './device-talk';
import { deviceQuery, trafficQuery } from './device-queries';
import style from './devices.module.css';

export function DeviceTitle({ id }: { id: string }) {
  const device = useQuery(deviceQuery(useOrganizationId(), id)).data;
  if (device === undefined) return null;
  return (
    <span className={style['title']}>
      <DeviceIcon type={device.type} />
      {device.name}
    </span>
  );
}

export function DeviceContent({ id }: { id: string }) {
  const device = useQuery(deviceQuery(useOrganizationId(), id));
  return (
    <Loaded query={device} rows={8}>
      {(data) => (
        <div className={style['content']}>
          <Summary device={data} />
          <DeviceTraffic id={data.id} />
          <Peers id={data.id} />
          <Operations id={data.id} />
          <Facts id={data.id} />
          <Addresses device={data} />
        </div>
      )}
    </Loaded>
  );
}

function Summary({ device }: { device: Schemas['DeviceDetail'] }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const mayChange = useMay('operator');
  const [isEditing, setEditing] = useState(false);
  const source = (from: string | null) => (from === null ? null : t('device.from', { source: words.source(from) }));
  const entries: { label: string; value: React.ReactNode; from?: string | null }[] = [
    { label: t('column.name'), value: device.name, from: source(device.name_source) },
    { label: t('column.type'), value: words.type(device.type), from: source(device.type_source) },
    { label: t('column.vendor'), value: device.vendor },
    { label: t('column.model'), value: device.model },
    { label: t('column.firmware'), value: device.firmware },
    { label: t('column.serial'), value: device.serial },
    { label: t('column.os'), value: device.os },
    { label: t('column.hostName'), value: device.host_name },
    { label: t('column.site'), value: device.site.name },
    { label: t('column.sensors'), value: device.sensors.map((one) => one.name).join(', ') },
    { label: t('column.firstSeen'), value: <TimeAgo time={device.first_seen} /> },
    { label: t('column.lastSeen'), value: <TimeAgo time={device.last_seen} /> },
  ];
  const notes = [
    ...(device.is_router ? [t('device.isRouter')] : []),
    ...(device.is_local ? [] : [t('device.isRemote')]),
    ...(device.os === null ? [t('device.osUnknown')] : []),
  ];
  return (
    <Panel
      title={t('device.summary')}
      actions={
        mayChange && !isEditing ? (
          <Button
            small
            icon={<Pencil size={14} aria-hidden />}
            onClick={() => {
              setEditing(true);
            }}
          >
            {t('device.edit')}
          </Button>
        ) : undefined
      }
    >
      {isEditing && (
        <DeviceEdit
          device={device}
          onDone={() => {
            setEditing(false);
          }}
        />
      )}
      <dl className={style['facts']}>
        {entries.map(({ label, value, from }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {value === null || value === '' ? <span className="muted">{t('common.unknown')}</span> : value}
              {from !== null && from !== undefined && <small className="muted"> {from}</small>}
            </dd>
          </div>
        ))}
      </dl>
      {notes.length > 0 && (
        <ul className={style['notes']}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function DeviceTraffic({ id }: { id: string }) {
  const { t } = useTranslation();
  const setScope = useSetScope();
  const traffic = useQuery({ ...trafficQuery(useOrganizationId(), id, useBounds()), placeholderData: keepPreviousData });
  return (
    <Panel title={t('device.traffic')}>
      <Loaded query={traffic}>
        {(data) =>
          data.series.every((line) => line.total_packets === 0) ? (
            <p className="muted">{t('device.noTraffic')}</p>
          ) : (
            <TimeChart
              label={t('device.traffic')}
              data={data}
              height={180}
              nameOf={(line) => (line.key === 'sent' ? t('device.sent') : t('device.received'))}
              onBrush={(from, to) => {
                setScope({ time: formatRange({ kind: 'absolute', from, to }) });
              }}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
