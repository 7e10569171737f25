// Sensors: which boxes work, since when one is silent, how to enrol a new one.
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { sensorsQuery, useScope } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { Button } from '@/shared/ui/button';
import { Drawer } from '@/shared/ui/drawer';
import { Page, Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Empty, Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { AddSensor } from './enrol';
import { SensorContent } from './sensor-content';
import { SensorHealth } from './sensor-health';
import style from './sensors.module.css';

export function SensorsPage() {
  const { t } = useTranslation();
  const { open } = useSearch({ from: '/o/$organization/sensors' });
  const scope = useScope();
  const mayAdd = useMay('admin');
  const [isAdding, setAdding] = useState(false);
  const sensors = useQuery(sensorsQuery(useOrganizationId()));
  const change = useSearchChange();
  const show = (id: string | undefined) => {
    change({ open: id });
  };

  return (
    <Page
      title={t('nav.sensors')}
      about={t('sensors.about')}
      actions={
        mayAdd && (
          <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => { setAdding(true); }}>
            {t('sensors.add')}
          </Button>
        )
      }
    >
      <Loaded query={sensors}>
        {({ items }) => {
          const shown = items.filter((one) => scope.site === undefined || one.site.id === scope.site);
          if (shown.length === 0) return <Empty title={t('sensors.empty')}>{t('sensors.emptyNext')}</Empty>;
          return (
            <Panel flush>
              <SimpleTable
                caption={t('nav.sensors')}
                rows={shown}
                keyOf={(sensor) => sensor.id}
                columns={[
                  {
                    id: 'name',
                    header: t('column.name'),
                    render: (sensor) => (
                      <button type="button" className={style['open']} onClick={() => { show(sensor.id); }}>
                        {sensor.name}
                      </button>
                    ),
                  },
                  { id: 'health', header: t('sensors.health'), render: (sensor) => <SensorHealth sensor={sensor} /> },
                  { id: 'site', header: t('column.site'), render: (sensor) => sensor.site.name },
                  { id: 'version', header: t('sensors.version'), render: (sensor) => sensor.version ?? '–' },
                  { id: 'address', header: t('sensors.address'), render: (sensor) => <span className="mono">{sensor.last_address ?? '–'}</span> },
                  { id: 'enrolled', header: t('sensors.enrolled'), render: (sensor) => <TimeAgo time={sensor.enrolled_at} /> },
                  { id: 'last', header: t('sensors.lastSeen'), render: (sensor) => <TimeAgo time={sensor.last_seen_at} /> },
                ]}
              />
            </Panel>
          );
        }}
      </Loaded>
      {open !== undefined && (
        <Drawer
          key={open}
          title={sensors.data?.items.find((one) => one.id === open)?.name ?? t('column.sensor')}
          onClose={() => {
            show(undefined);
          }}
        >
          <SensorContent id={open} />
        </Drawer>
      )}
      {isAdding && (
        <AddSensor
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </Page>
  );
}
