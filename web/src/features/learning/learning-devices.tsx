// New devices that were accepted and still learn by themselves.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { formatFull } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useZone } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { DeviceLink } from '@/shared/ui/device-name';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';

const weekDays = 7;

export function LearningDevices({ site }: { site: string | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const organization = useOrganizationId();
  const may = useMay('operator');
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['learning', 'devices', organization, site],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/learning/devices', { path: { organization }, query: { site }, signal }),
  });
  const change = useMutation({
    mutationFn: ({ device, days }: { device: string; days: number }) =>
      api.patch('/api/v1/organizations/{organization}/learning/devices/{device}', { path: { organization, device }, body: { days } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['learning'] }),
  });
  return (
    <Panel title={t('learning.devices')} flush>
      <p className="muted padded">{t('learning.devicesAbout')}</p>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="padded">{t('learning.noDevices')}</p>
          ) : (
            <SimpleTable
              caption={t('learning.devices')}
              rows={items}
              keyOf={(one) => one.device.id ?? ''}
              columns={[
                { id: 'device', header: t('nav.device'), render: (one) => <DeviceLink device={one.device} /> },
                { id: 'site', header: t('column.site'), render: (one) => one.site.name },
                {
                  id: 'until',
                  header: t('learning.until'),
                  render: (one) => <span className="number nowrap">{formatFull(new Date(one.learns_until), locale, zone)}</span>,
                },
                { id: 'person', header: t('learning.acceptedBy'), render: (one) => one.person?.name ?? '–' },
                {
                  id: 'change',
                  header: t('learning.next'),
                  render: ({ device: { id } }) =>
                    may && id !== null ? (
                      <>
                        <Button small disabled={change.isPending} onClick={() => { change.mutate({ device: id, days: 0 }); }}>
                          {t('learning.endNow')}
                        </Button>{' '}
                        <Button small look="quiet" disabled={change.isPending} onClick={() => { change.mutate({ device: id, days: weekDays }); }}>
                          {t('learning.weekMore')}
                        </Button>
                      </>
                    ) : null,
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
