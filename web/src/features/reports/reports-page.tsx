// Assessment reports: make one of a site and a period, see how far it is, get the .pptx.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { addressOf, api, type Schemas } from '@/shared/lib/api';
import { formatBytes, formatLocal, parseLocal } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { Problem } from '@/shared/lib/problem';
import { sitesQuery, useScope } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button, buttonClass } from '@/shared/ui/button';
import { SelectField, TextField } from '@/shared/ui/field';
import { Page, Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded, useProblemText } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './reports.module.css';

type Report = Schemas['Report'];

const dayMs = 86_400_000;
/** While one is being made, and should the live updates be lost. */
const lookAgainMs = 3000;
const isUnfinished = ({ state }: Report) => state !== 'done' && state !== 'failed';

export function ReportsPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const { site } = useScope();
  const may = useMay('operator');
  const reports = useQuery({
    queryKey: ['reports', organization, site],
    queryFn: ({ signal }) => api.get('/api/v1/organizations/{organization}/reports', { path: { organization }, query: { site }, signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnfinished) === true ? lookAgainMs : false),
  });
  const sites = useQuery(sitesQuery(organization));
  return (
    <Page title={t('nav.reports')} about={t('reports.about')}>
      {may && (
        <Panel title={t('reports.make')}>
          <Loaded query={sites} rows={2}>
            {(answer) => <Make sites={answer.items} site={site} />}
          </Loaded>
        </Panel>
      )}
      <Panel title={t('reports.made')} flush>
        <Loaded query={reports} rows={4}>
          {({ items }) => (items.length === 0 ? <p className="muted padded">{t('reports.none')}</p> : <Made items={items} />)}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Make({ sites, site: inScope }: { sites: Schemas['Site'][]; site: string | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [site, setSite] = useState(inScope ?? sites[0]?.id ?? '');
  const zone = sites.find(({ id }) => id === site)?.time_zone ?? 'UTC';
  const [language, setLanguage] = useState<Report['language']>(locale);
  const [from, setFrom] = useState(() => formatLocal(new Date(Date.now() - 30 * dayMs), zone).slice(0, 10));
  const [last, setLast] = useState(() => formatLocal(new Date(), zone).slice(0, 10));
  const make = useMutation({
    mutationFn: (period: { from: string; to: string }) =>
      api.post('/api/v1/organizations/{organization}/reports', { path: { organization }, body: { site, language, ...period } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['reports'] }),
  });
  return (
    <form
      className={style['make']}
      onSubmit={(event) => {
        event.preventDefault();
        const [begin, end] = [parseLocal(`${from}T00:00`, zone), parseLocal(`${last}T00:00`, zone)];
        // The last day is in it. The fields are required: without a day the browser has said so.
        if (begin !== undefined && end !== undefined)
          make.mutate({ from: begin.toISOString(), to: new Date(end.getTime() + dayMs).toISOString() });
      }}
    >
      <SelectField
        label={t('column.site')}
        value={site}
        onChange={(event) => {
          setSite(event.target.value);
        }}
      >
        {sites.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t('reports.from')}
        type="date"
        required
        value={from}
        max={last}
        onChange={(event) => {
          setFrom(event.target.value);
        }}
      />
      <TextField
        label={t('reports.last')}
        type="date"
        required
        value={last}
        min={from}
        onChange={(event) => {
          setLast(event.target.value);
        }}
      />
      <SelectField
        label={t('reports.language')}
        value={language}
        onChange={(event) => {
          setLanguage(event.target.value === 'en' ? 'en' : 'ja');
        }}
      >
        <option value="ja">日本語</option>
        <option value="en">English</option>
      </SelectField>
      <Button look="primary" type="submit" disabled={make.isPending || site === ''}>
        {t('reports.make')}
      </Button>
      {make.error !== null && (
        <p role="alert" className={style['wrong']}>
          {make.error instanceof Problem && make.error.status === 409 ? t('reports.tooMany') : problemText(make.error)}
        </p>
      )}
    </form>
  );
}

function Made({ items }: { items: Report[] }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const sites = useQuery(sitesQuery(organization));
  const days = (one: Report) => {
    const zone = sites.data?.items.find(({ id }) => id === one.site.id)?.time_zone ?? 'UTC';
    const day = (time: number) => formatLocal(new Date(time), zone).slice(0, 10);
    return t('reports.days', { from: day(Date.parse(one.from)), last: day(Date.parse(one.to) - 1) });
  };
  return (
    <SimpleTable
      caption={t('reports.made')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        { id: 'created', header: t('reports.created'), render: (one) => <TimeAgo time={one.created_at} /> },
        { id: 'site', header: t('column.site'), render: (one) => one.site.name },
        { id: 'days', header: t('reports.period'), render: days },
        { id: 'language', header: t('reports.language'), render: (one) => (one.language === 'ja' ? '日本語' : 'English') },
        { id: 'score', header: t('reports.score'), render: (one) => (one.score === null ? '–' : `${one.grade ?? ''} (${String(one.score)})`) },
        { id: 'by', header: t('reports.madeBy'), render: (one) => one.made_by ?? t('reports.byCommand') },
        {
          id: 'state',
          header: t('reports.state'),
          render: (one) =>
            one.state === 'done' ? (
              <a
                className={buttonClass('plain', true)}
                href={addressOf('/api/v1/organizations/{organization}/reports/{report}/deck', { organization, report: one.id })}
                download
              >
                <Download size={16} aria-hidden />
                {t('reports.download', { size: formatBytes(one.bytes ?? 0) })}
              </a>
            ) : (
              <span role="status">{t(`reports.states.${one.state}`)}</span>
            ),
        },
      ]}
    />
  );
}
