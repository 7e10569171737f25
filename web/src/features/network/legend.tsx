// What the map's shapes and lines mean.
import { useTranslation } from 'react-i18next';

import style from './network.module.css';

export function Legend() {
  const { t } = useTranslation();
  return (
    <ul className={style['legend']} aria-label={t('network.legend')}>
      <li>
        <svg width="26" height="10" aria-hidden>
          <line x1="0" y1="5" x2="26" y2="5" className={style['ot']} />
        </svg>
        {t('network.legendOt')}
      </li>
      <li>
        <svg width="26" height="10" aria-hidden>
          <line x1="0" y1="5" x2="26" y2="5" className={style['it']} />
        </svg>
        {t('network.legendIt')}
      </li>
      <li>
        <svg width="14" height="14" aria-hidden>
          <circle cx="7" cy="7" r="5.5" className={style['remote']} />
        </svg>
        {t('network.legendRemote')}
      </li>
      <li>
        <svg width="14" height="14" aria-hidden>
          <circle cx="7" cy="7" r="5.5" className={style['alert']} />
        </svg>
        {t('network.legendAlert')}
      </li>
      <li>{t('network.legendWidth')}</li>
    </ul>
  );
}
