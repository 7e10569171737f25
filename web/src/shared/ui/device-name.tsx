// A device as it is named everywhere: its name, the address beside it in grey, a link to its page.
import { Link } from '@tanstack/react-router';
import {
  Bot,
  Camera,
  CircleDashed,
  Cpu,
  Gauge,
  Laptop,
  Monitor,
  Network,
  Phone,
  Printer,
  Router,
  Server,
  Smartphone,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';

import type { Schemas } from '@/shared/lib/api';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { asDeviceType, useVocabulary, type DeviceType } from '@/shared/lib/vocabulary';

import style from './device-name.module.css';

const icons: Record<DeviceType, LucideIcon> = {
  plc: Cpu,
  hmi: Monitor,
  rtu: Cpu,
  io: Cpu,
  drive: Cpu,
  robot: Bot,
  gateway: Waypoints,
  engineering: Laptop,
  historian: Server,
  scada: Monitor,
  pc: Laptop,
  server: Server,
  switch: Network,
  router: Router,
  access_point: Router,
  firewall: Router,
  printer: Printer,
  camera: Camera,
  phone: Phone,
  nas: Server,
  mobile: Smartphone,
  vm: Server,
  cnc: Cpu,
  sensor: Gauge,
  meter: Gauge,
  safety: Cpu,
  ied: Cpu,
  building: Cpu,
  media: Monitor,
};

export function DeviceIcon({ type }: { type: string | null }) {
  const words = useVocabulary();
  return <DeviceIconOf type={type} title={words.type(type)} />;
}

/** The same where there are many: the word is found once, for all of them. */
export function DeviceIconOf({ type, title }: { type: string | null; title: string }) {
  const known = asDeviceType(type);
  const Icon = known === undefined ? CircleDashed : icons[known];
  return (
    <span className={style['icon']} title={title}>
      <Icon size={16} aria-hidden />
    </span>
  );
}

/** A device at one end of a conversation or operation. */
export function DeviceLink({ device }: { device: Schemas['DeviceRef'] }) {
  const organization = useOrganizationId();
  const scope = useScope();
  const address = device.ip ?? device.mac;
  const aside = address !== null && address !== device.name && <span className={style['address']}>{address}</span>;
  const isAddress = device.name === device.ip || device.name === device.mac;
  const name = <span className={isAddress ? 'mono' : undefined}>{device.name}</span>;
  if (device.id === null) {
    return (
      <span className={style['name']}>
        {name} {aside}
      </span>
    );
  }
  return (
    <span className={style['name']}>
      <Link to="/o/$organization/devices/$device" params={{ organization, device: device.id }} search={scope}>
        {name}
      </Link>{' '}
      {aside}
    </span>
  );
}
