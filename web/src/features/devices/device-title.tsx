// A device's icon and name over the drawer that shows it.
import { useQuery } from '@tanstack/react-query';

import { useOrganizationId } from '@/shared/lib/session';
import { DeviceIcon } from '@/shared/ui/device-name';

import { deviceQuery } from './device-queries';
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
