// Sites overview: a card and a row for each site, with what needs a look first.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { LayoutGrid, Plus, Rows3, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { sitesQuery, useScope } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { Button } from '@/shared/ui/button';
import { Dialog } from '@/shared/ui/dialog';
import { TextField } from '@/shared/ui/field';
import { Page, Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Empty, Loaded, useProblemText } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './sites.module.css';

type Site = Schemas['Site'];

export function SitesPage() {
  const { t } = useTranslation();
  const { view } = useSearch({ from: '/o/$organization/sites' });
  const mayAdd = useMay('admin', 'everywhere');
  const [isAdding, setAdding] = useState(false);
  const sites = useQuery(sitesQuery(useOrganizationId()));
  const change = useSearchChange();
  const show = (chosen: 'rows' | undefined) => {
    change({ view: chosen }, 'replace');
  };

  return (
    <Page
      title={t('nav.sites')}
      about={t('sites.about')}
      actions={
        <>
          <Button icon={<LayoutGrid size={16} aria-hidden />} aria-pressed={view === undefined} onClick={() => { show(undefined); }}>
            {t('sites.cards')}
          </Button>
          <Button icon={<Rows3 size={16} aria-hidden />} aria-pressed={view === 'rows'} onClick={() => { show('rows'); }}>
            {t('sites.rows')}
          </Button>
          {mayAdd && (
            <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => { setAdding(true); }}>
              {t('sites.add')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={sites}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('sites.empty')}>{t('sites.emptyNext')}</Empty>
          ) : view === 'rows' ? (
            <Rows sites={items} />
          ) : (
            <ul className={style['cards']}>
              {items.map((site) => (
                <Card key={site.id} site={site} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdding && (
        <AddSite
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </Page>
  );
}

function useSiteLinks(site: Site) {
  const organization = useOrganizationId();
  const { time } = useScope();
  const search = { site: site.id, ...(time === undefined ? {} : { time }) };
  return { params: { organization }, search };
}

function Silent({ site }: { site: Site }) {
  const { t } = useTranslation();
  const { silent, degraded } = site.sensors;
  if (silent + degraded === 0) return null;
  return (
    <span className={style['warning']}>
      <TriangleAlert size={15} aria-hidden />
      {silent > 0 ? t('sites.silent', { count: silent }) : t('sites.degraded', { count: degraded })}
    </span>
  );
}

function Card({ site }: { site: Site }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { params, search } = useSiteLinks(site);
  return (
    <li className={style['card']}>
      <div className={style['cardHead']}>
        <h2>
          <Link to="/o/$organization/home" params={params} search={search}>
            {site.name}
          </Link>
        </h2>
        {site.place !== '' && <p className="muted">{site.place}</p>}
        <Silent site={site} />
      </div>
      <dl className={style['figures']}>
        <div>
          <dt>{t('sites.sensors')}</dt>
          <dd>
            <Link to="/o/$organization/sensors" params={params} search={search}>
              {site.sensors.ok} / {site.sensors.total}
            </Link>
          </dd>
        </div>
        <div>
          <dt>{t('sites.devices')}</dt>
          <dd>
            <Link to="/o/$organization/devices" params={params} search={search}>
              {formatCount(site.devices, locale)}
            </Link>
          </dd>
        </div>
        <div>
          <dt>{t('sites.new7d')}</dt>
          <dd>
            <Link
              to="/o/$organization/devices"
              params={params}
              search={{ ...search, time: '7d', seen: 'new', sort: '-first_seen' }}
            >
              {formatCount(site.devices_new_7d, locale)}
            </Link>
          </dd>
        </div>
        <div>
          <dt>{t('sites.traffic24h')}</dt>
          <dd>
            <Link to="/o/$organization/traffic" params={params} search={{ ...search, time: '24h' }}>
              {site.bytes_24h === null ? t('chart.noData') : formatBytes(site.bytes_24h)}
            </Link>
          </dd>
        </div>
        <div>
          <dt>{t('home.alerts')}</dt>
          <dd>
            <AlertsLink site={site} />
          </dd>
        </div>
        <div>
          <dt>{t('sites.uplinkMonth')}</dt>
          <dd>{formatBytes(site.uplink_bytes_month)}</dd>
        </div>
        <div>
          <dt>{t('sites.lastData')}</dt>
          <dd className={style['small']}>
            <TimeAgo time={site.last_data_at} />
          </dd>
        </div>
      </dl>
    </li>
  );
}

function SiteLink({ site }: { site: Site }) {
  const { params, search } = useSiteLinks(site);
  return (
    <Link to="/o/$organization/home" params={params} search={search}>
      {site.name}
    </Link>
  );
}

function DevicesLink({ site }: { site: Site }) {
  const { params, search } = useSiteLinks(site);
  const locale = useLocale();
  return (
    <Link to="/o/$organization/devices" params={params} search={search}>
      {formatCount(site.devices, locale)}
    </Link>
  );
}

function AlertsLink({ site }: { site: Site }) {
  const { params, search } = useSiteLinks(site);
  const locale = useLocale();
  return (
    <span className="nowrap">
      {site.severity !== null && <Severity severity={site.severity} short />}{' '}
      <Link to="/o/$organization/alerts" params={params} search={search}>
        {formatCount(site.alerts_open, locale)}
      </Link>
    </span>
  );
}

function Rows({ sites }: { sites: Site[] }) {
  const { t } = useTranslation();
  return (
    <Panel flush>
      <SimpleTable
        caption={t('nav.sites')}
        rows={sites}
        keyOf={(site) => site.id}
        columns={[
          { id: 'name', header: t('column.name'), render: (site) => <SiteLink site={site} /> },
          { id: 'place', header: t('sites.place'), render: (site) => site.place },
          { id: 'state', header: t('sites.state'), render: (site) => <Silent site={site} /> },
          { id: 'sensors', header: t('sites.sensors'), numeric: true, render: (site) => `${String(site.sensors.ok)} / ${String(site.sensors.total)}` },
          { id: 'alerts', header: t('home.alerts'), numeric: true, render: (site) => <AlertsLink site={site} /> },
          { id: 'devices', header: t('sites.devices'), numeric: true, render: (site) => <DevicesLink site={site} /> },
          { id: 'new', header: t('sites.new7d'), numeric: true, render: (site) => site.devices_new_7d },
          { id: 'bytes', header: t('sites.traffic24h'), numeric: true, render: (site) => (site.bytes_24h === null ? t('chart.noData') : formatBytes(site.bytes_24h)) },
          { id: 'uplink', header: t('sites.uplinkMonth'), numeric: true, render: (site) => formatBytes(site.uplink_bytes_month) },
          { id: 'last', header: t('sites.lastData'), render: (site) => <TimeAgo time={site.last_data_at} /> },
        ]}
      />
    </Panel>
  );
}

function AddSite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [name, setName] = useState('');
  const [place, setPlace] = useState('');
  const add = useMutation({
    mutationFn: () =>
      api.post('/api/v1/organizations/{organization}/sites', {
        path: { organization },
        body: { name: name.trim(), place: place.trim(), time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['sites'] });
      onClose();
    },
  });
  return (
    <Dialog
      title={t('sites.add')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" form="add-site" disabled={add.isPending}>
            {t('sites.add')}
          </Button>
        </>
      }
    >
      <form
        id="add-site"
        className={style['form']}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <TextField label={t('column.name')} required maxLength={100} value={name} onChange={(event) => { setName(event.target.value); }} />
        <TextField label={t('sites.place')} maxLength={200} value={place} onChange={(event) => { setPlace(event.target.value); }} />
        {add.isError && <p role="alert">{problemText(add.error)}</p>}
      </form>
    </Dialog>
  );
}
