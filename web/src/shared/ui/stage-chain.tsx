// The stages of an incident in their order: which were reached, and which come next.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { useLocale } from '@/shared/lib/i18n';

import style from './stage-chain.module.css';

export function StageChain({ stages }: { stages: Schemas['IncidentStage'][] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <ol className={style['chain']} aria-label={t('incidents.stages')}>
      {stages.map((stage) => (
        <li key={stage.id} className={stage.is_reached ? style['reached'] : style['ahead']}>
          {stage.name[locale]}
          {!stage.is_reached && <span className="unseen"> ({t('incidents.notReached')})</span>}
        </li>
      ))}
    </ol>
  );
}

/** Only what was reached, as words: "scan → write → stop". */
export function StageWords({ stages }: { stages: Schemas['IncidentStage'][] }) {
  const locale = useLocale();
  const reached = stages.filter((one) => one.is_reached);
  return (
    <>
      {reached.map((stage, index) => (
        <Fragment key={stage.id}>
          {index > 0 && ' → '}
          {stage.name[locale]}
        </Fragment>
      ))}
    </>
  );
}
