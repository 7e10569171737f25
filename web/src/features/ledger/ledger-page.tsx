// The customer's own list of machines beside what is observed: upload, mapping, preview, queues.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/shared/lib/api';
import { formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useScope, useSites, useZone } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { Page, Panel } from '@/shared/ui/page';
import { Empty, Loaded } from '@/shared/ui/state-frame';

import { LedgerQueues } from './ledger-queues';
import { LedgerUpload } from './ledger-upload';
import style from './ledger.module.css';

export function LedgerPage() {
  const { t } = useTranslation();
  const scope = useScope();
  const sites = useSites() ?? [];
  // An organization with one site has nothing to choose.
  const site = scope.site ?? (sites.length === 1 ? sites[0]?.id : undefined);
  return (
    <Page title={t('nav.ledger')} about={t('ledger.about')}>
      {site === undefined ? <Empty title={t('ledger.chooseSite')} /> : <SiteLedger key={site} site={site} />}
    </Page>
  );
}

function SiteLedger({ site }: { site: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  const may = useMay('operator');
  const organization = useOrganizationId();
  const client = useQueryClient();
  const [isUploading, setUploading] = useState(false);
  const ledger = useQuery({
    queryKey: ['ledger', organization, site],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/sites/{site}/ledger', { path: { organization, site }, signal }),
  });
  const again = useMutation({
    mutationFn: () => api.post('/api/v1/organizations/{organization}/sites/{site}/ledger/match', { path: { organization, site } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ledger'] }),
  });
  return (
    <Loaded query={ledger} rows={6}>
      {({ upload, counts }) => (
        <div className={style['sections']}>
          {upload === null || isUploading ? (
            <LedgerUpload
              site={site}
              onDone={() => {
                setUploading(false);
              }}
            />
          ) : (
            <Panel
              title={t('ledger.last', {
                file: upload.file_name,
                time: formatMoment(new Date(upload.uploaded_at), new Date(now), locale, zone),
                person: upload.uploaded_by ?? '–',
              })}
              actions={
                may && (
                  <div className={style['actions']}>
                    <Button
                      small
                      icon={<RefreshCw size={14} aria-hidden />}
                      disabled={again.isPending}
                      onClick={() => {
                        again.mutate();
                      }}
                    >
                      {t('ledger.matchAgain')}
                    </Button>
                    <Button
                      small
                      look="primary"
                      onClick={() => {
                        setUploading(true);
                      }}
                    >
                      {t('ledger.uploadAgain')}
                    </Button>
                  </div>
                )
              }
              flush
            >
              <LedgerQueues site={site} counts={counts} />
            </Panel>
          )}
        </div>
      )}
    </Loaded>
  );
}
