// A sensor's state in a shape, a word and what to do about it.
import { CircleAlert, CircleCheck, CircleDashed, CircleSlash, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatClock, formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useZone } from '@/shared/lib/scope';

import style from './sensors.module.css';

const icons = { ok: CircleCheck, degraded: TriangleAlert, silent: CircleAlert, waiting: CircleDashed, revoked: CircleSlash };

export function SensorHealth({ sensor, withNext = false }: { sensor: Schemas['Sensor']; withNext?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  const Icon = icons[sensor.health];
  const since = sensor.silent_since === null ? undefined : new Date(sensor.silent_since);
  const time =
    since === undefined
      ? ''
      : now.getTime() - since.getTime() < 86_400_000
        ? formatClock(since, locale, zone)
        : formatMoment(since, now, locale, zone);
  const words =
    sensor.health === 'silent' && since !== undefined
      ? t('sensors.silentSince', { time })
      : sensor.health === 'degraded'
        ? sensor.problems.map((one) => t(`sensorProblem.${one}`)).join(t('common.listSeparator'))
        : t(`sensorHealth.${sensor.health}`);
  return (
    <span className={style['healthBlock']}>
      <span className={`${style['health'] ?? ''} ${style[sensor.health] ?? ''}`}>
        <Icon size={16} aria-hidden />
        {words}
      </span>
      {withNext && sensor.health !== 'ok' && sensor.health !== 'revoked' && (
        <span className="muted">{t(`sensorNext.${sensor.health}`)}</span>
      )}
    </span>
  );
}
