// One device on a page of its own.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Share2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { buttonClass } from '@/shared/ui/button';
import { Page } from '@/shared/ui/page';

import { DeviceContent } from './device-content';
import { deviceQuery } from './device-queries';

export function DevicePage() {
  const { t } = useTranslation();
  const { device: id } = useParams({ from: '/o/$organization/devices/$device' });
  const organization = useOrganizationId();
  const scope = useScope();
  const device = useQuery(deviceQuery(organization, id)).data;
  const addresses = [...(device?.ips.slice(0, 2) ?? []), ...(device?.macs.slice(0, 1) ?? [])];
  return (
    <Page
      title={device?.name ?? t('nav.device')}
      about={addresses.join(' · ')}
      actions={
        <Link
          to="/o/$organization/network"
          params={{ organization }}
          search={{ ...scope, node: id }}
          className={buttonClass()}
        >
          <Share2 size={16} aria-hidden />
          {t('device.onMap')}
        </Link>
      }
    >
      <DeviceContent id={id} />
    </Page>
  );
}
