// A device in a cell of a long list: its name as a link, the address beside it in grey.
import type { AnyRouter } from '@tanstack/react-router';

import type { Schemas } from '@/shared/lib/api';
import { PlainLink } from '@/shared/ui/plain-link';

import style from './data-table.module.css';

interface DeviceCellProps {
  device: Schemas['DeviceRef'];
  router: AnyRouter;
  /** Address of a device's page. */
  hrefOf: (device: string) => string;
}

export function DeviceCell({ device, router, hrefOf }: DeviceCellProps) {
  const address = device.ip ?? device.mac;
  const isAddress = device.name === device.ip || device.name === device.mac;
  const className = isAddress ? 'mono' : undefined;
  return (
    <span className={style['cellDevice']} title={address === null || isAddress ? device.name : `${device.name} (${address})`}>
      {device.id === null ? (
        <span className={`${style['cellName'] ?? ''} ${className ?? ''}`}>{device.name}</span>
      ) : (
        <PlainLink router={router} href={hrefOf(device.id)} className={`${style['cellName'] ?? ''} ${style['cellLink'] ?? ''} ${className ?? ''}`}>
          {device.name}
        </PlainLink>
      )}
      {address !== null && !isAddress && <span className={style['cellAside']}><bdi dir="ltr">{address}</bdi></span>}
    </span>
  );
}
