// One weakness in the drawer: what to do, why, and what the verdict rests on.
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { useLocale } from '@/shared/lib/i18n';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { DeviceLink } from '@/shared/ui/device-name';
import { FactList } from '@/shared/ui/fact-list';
import { Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { TimeAgo } from '@/shared/ui/time-ago';

export function WeaknessContent({ weakness }: { weakness: Schemas['Weakness'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <>
      <Panel title={t('weakness.measure')}>
        <p>
          <strong>{t(`weakness.action.${weakness.action}`)}</strong>
        </p>
        <p>{weakness.measure[locale]}</p>
      </Panel>
      <Panel title={t('weakness.reason')}>
        <p>{weakness.reason[locale]}</p>
      </Panel>
      <Panel title={t('device.summary')}>
        <FactList
          entries={[
            [t('nav.device'), <DeviceLink key="device" device={weakness.device} />],
            [t('weakness.severity'), <Severity key="severity" severity={weakness.severity} />],
            [t('weakness.verdictLabel'), t(`weakness.verdict.${weakness.verdict}`)],
            [t('weakness.kindLabel'), t(`weakness.kind.${weakness.kind}`)],
            [t('column.site'), weakness.site.name],
            [t('column.firstSeen'), <TimeAgo key="first" time={weakness.first_seen} />],
            [t('column.lastSeen'), <TimeAgo key="last" time={weakness.last_seen} />],
          ]}
        />
      </Panel>
      <Panel title={t('weakness.evidence')} flush>
        <EvidenceTable evidence={weakness.evidence} />
      </Panel>
    </>
  );
}

function EvidenceTable({ evidence }: { evidence: Schemas['WeaknessEvidence'][] }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const observed = ({ field, value }: Schemas['WeaknessEvidence']) => {
    if (field === 'serves') return `${t('weakness.serves')}: ${words.protocol(value)}`;
    const [protocol = '', access = ''] = value.split(':');
    if (field === 'asked') return `${words.protocol(protocol)}: ${words.access(access as Schemas['Access'])}`;
    return `${words.attribute(field.slice('fact.'.length))}: ${value}`;
  };
  return (
    <SimpleTable
      caption={t('weakness.evidence')}
      rows={evidence}
      keyOf={(one) => `${one.field} ${one.value} ${one.detail}`}
      columns={[
        { id: 'observed', header: t('weakness.observed'), render: (one) => <span className="breakable">{observed(one)}</span> },
        { id: 'source', header: t('fact.source'), render: (one) => (one.field === 'serves' ? one.detail.toUpperCase() : words.source(one.detail)) },
        { id: 'last', header: t('column.lastSeen'), render: (one) => <TimeAgo time={one.last} /> },
      ]}
    />
  );
}
