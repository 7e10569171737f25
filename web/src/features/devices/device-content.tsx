// Everything known about one device; the same in the drawer and on the device's own page.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useBounds, useSetScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { formatRange } from '@/shared/lib/time-range';
import { TimeChart } from '@/shared/ui/chart/time-chart';
import { Panel } from '@/shared/ui/page';
import { Loaded } from '@/shared/ui/state-frame';

import { Addresses } from './device-addresses';
import { Facts } from './device-facts';
import { Operations, Peers } from './device-talk';
import { DeviceIdentity, Services } from './device-identity';
import { Modules, Summary } from './device-summary';
import { deviceQuery, trafficQuery } from './device-queries';
import { Weaknesses } from './device-weaknesses';
import style from './devices.module.css';

export function DeviceContent({ id }: { id: string }) {
  const device = useQuery(deviceQuery(useOrganizationId(), id));
  return (
    <Loaded query={device} rows={8}>
      {(data) => (
        <div className={style['content']}>
          <Summary device={data} />
          <Weaknesses id={data.id} />
          <Modules device={data} />
          <DeviceIdentity device={data} />
          <DeviceTraffic id={data.id} />
          <Services device={data} />
          <Peers id={data.id} />
          <Operations id={data.id} />
          <Facts id={data.id} />
          <Addresses device={data} />
        </div>
      )}
    </Loaded>
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
