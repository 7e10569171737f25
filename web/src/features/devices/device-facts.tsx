// Every observed attribute of a device with where it comes from and how sure it is; conflicts stay visible.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { factsQuery } from './device-queries';

export function Facts({ id }: { id: string }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const facts = useQuery(factsQuery(useOrganizationId(), id));
  return (
    <Panel title={t('device.facts')} flush>
      <Loaded query={facts}>
        {({ items, truncated }) =>
          items.length === 0 ? (
            <p className="muted padded">{t('device.noFacts')}</p>
          ) : (
            <>
              <SimpleTable
                caption={t('device.facts')}
                rows={items}
                keyOf={(fact) => fact.id}
                columns={[
                  { id: 'attribute', header: t('fact.attribute'), render: (fact) => words.attribute(fact.attribute) },
                  { id: 'value', header: t('fact.value'), render: (fact) => <span className="breakable">{fact.value}</span> },
                  { id: 'source', header: t('fact.source'), render: (fact) => words.source(fact.source) },
                  { id: 'confidence', header: t('fact.confidence'), numeric: true, render: (fact) => `${String(fact.confidence)} %` },
                  { id: 'count', header: t('fact.count'), numeric: true, render: (fact) => fact.count },
                  { id: 'last', header: t('column.lastSeen'), render: (fact) => <TimeAgo time={fact.last_seen} /> },
                ]}
              />
              {truncated && <p className="muted padded">{t('common.more', { count: items.length })}</p>}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
