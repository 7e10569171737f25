// The addresses under which a device was seen.
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { TimeAgo } from '@/shared/ui/time-ago';

export function Addresses({ device }: { device: Schemas['DeviceDetail'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Panel title={t('device.addresses')} flush>
      <SimpleTable
        caption={t('device.addresses')}
        rows={device.endpoints}
        keyOf={(endpoint) => endpoint.id}
        columns={[
          { id: 'ip', header: 'IP', render: (endpoint) => <span className="mono">{endpoint.ip ?? '–'}</span> },
          { id: 'mac', header: 'MAC', render: (endpoint) => <span className="mono">{endpoint.mac ?? '–'}</span> },
          { id: 'vlan', header: 'VLAN', render: (endpoint) => (endpoint.vlan === 0 ? '–' : endpoint.vlan) },
          { id: 'sensor', header: t('column.sensor'), render: (endpoint) => endpoint.sensor.name },
          {
            id: 'packets',
            header: t('device.packetsSent'),
            numeric: true,
            render: (endpoint) => (endpoint.has_sent ? formatCount(endpoint.packets, locale) : t('device.neverHeard')),
          },
          { id: 'last', header: t('column.lastSeen'), render: (endpoint) => <TimeAgo time={endpoint.last_seen} /> },
        ]}
      />
    </Panel>
  );
}
