// The weaknesses of a device, the most urgent first, each a link to its row on the page of weaknesses.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';

const shownMost = 10;

export function Weaknesses({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const search = { ...scope, filter: { device: [id] } };
  const query = useQuery({
    queryKey: ['weaknesses', 'device', organization, id],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/weaknesses', {
        path: { organization },
        query: { 'filter.device': [id], sort: '-urgency', limit: shownMost },
        signal,
      }),
  });
  return (
    <Panel title={t('nav.weaknesses')} flush>
      <Loaded query={query}>
        {({ items, total }) =>
          items.length === 0 ? (
            <p className="muted padded">{t('weaknesses.noneOfDevice')}</p>
          ) : (
            <>
              <SimpleTable
                caption={t('nav.weaknesses')}
                rows={items}
                keyOf={(one) => one.id}
                columns={[
                  { id: 'action', header: t('weakness.when'), render: (one) => t(`weakness.action.${one.action}`) },
                  { id: 'severity', header: t('weakness.severity'), render: (one) => <Severity severity={one.severity} /> },
                  {
                    id: 'title',
                    header: t('weakness.title'),
                    render: (one) => (
                      <Link to="/o/$organization/weaknesses" params={{ organization }} search={{ ...search, open: one.id }}>
                        {one.title[locale]}
                      </Link>
                    ),
                  },
                  { id: 'verdict', header: t('weakness.verdictLabel'), render: (one) => t(`weakness.verdict.${one.verdict}`) },
                ]}
              />
              {total > items.length && (
                <p className="padded">
                  <Link to="/o/$organization/weaknesses" params={{ organization }} search={search}>
                    {t('list.showAllOfGroup', { count: total })}
                  </Link>
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
