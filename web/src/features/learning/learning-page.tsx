// What is normal here: how far each site has learned, and what it has learned as rules that a person can check.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { Drawer } from '@/shared/ui/drawer';
import { Page, Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { LearningDevices } from './learning-devices';
import { RuleEntries } from './rule-entries';

type Learning = Schemas['Learning'];
type Rule = Schemas['BaselineRule'];

export function LearningPage() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const { site } = useScope();
  const learning = useQuery({
    queryKey: ['learning', organization, site],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/learning', { path: { organization }, query: { site }, signal }),
  });
  const baseline = useQuery({
    queryKey: ['baseline', organization, site],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/baseline', { path: { organization }, query: { site }, signal }),
  });
  return (
    <Page title={t('nav.learning')} about={t('learning.about')}>
      <Panel title={t('learning.state')} flush>
        <Loaded query={learning} rows={3}>
          {({ items }) => <Sites items={items} />}
        </Loaded>
      </Panel>
      <LearningDevices site={site} />
      <Panel title={t('learning.rules')} flush>
        <Loaded query={baseline} rows={8}>
          {({ items }) => (items.length === 0 ? <p className="muted padded">{t('learning.noRules')}</p> : <Rules items={items} />)}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Sites({ items }: { items: Learning[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const may = useMay('analyst');
  const change = useMutation({
    mutationFn: ({ site, state }: { site: string; state: Learning['state'] }) =>
      api.patch('/api/v1/organizations/{organization}/learning/{site}', { path: { organization, site }, body: { state } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['learning'] }),
  });
  const left = (one: Learning) => {
    if (one.entries === 0) return t('learning.nothingYet');
    const missing = one.missing_shifts.map((shift) => t(`shift.${shift}`)).join(t('common.listSeparator'));
    const days = one.days_left === 0 ? t('learning.enough') : t('learning.daysLeft', { count: one.days_left });
    return missing === '' ? days : t('learning.missing', { days, shifts: missing });
  };
  return (
    <SimpleTable
      caption={t('learning.state')}
      rows={items}
      keyOf={(one) => one.site.id}
      columns={[
        { id: 'site', header: t('column.site'), render: (one) => one.site.name },
        { id: 'state', header: t('alerts.state'), render: (one) => t(`learningState.${one.state}`) },
        { id: 'share', header: t('learning.completeness'), numeric: true, render: (one) => `${String(one.completeness)} %` },
        { id: 'left', header: t('learning.left'), render: left },
        { id: 'days', header: t('learning.days'), numeric: true, render: (one) => formatCount(one.days, locale) },
        { id: 'entries', header: t('learning.entries'), numeric: true, render: (one) => formatCount(one.entries, locale) },
        {
          id: 'change',
          header: t('learning.next'),
          render: (one) =>
            may ? (
              <Button
                small
                disabled={change.isPending}
                onClick={() => {
                  change.mutate({ site: one.site.id, state: one.state === 'operating' ? 'learning' : 'operating' });
                }}
              >
                {one.state === 'operating' ? t('learning.again') : t('learning.operate')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}

const changing = ['write', 'control', 'program', 'config'];

function Rules({ items }: { items: Rule[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const kind = (type: string | null, names: string[], count: number) => {
    const shown = names.join(t('common.listSeparator'));
    const more = count > names.length ? t('learning.more', { count: count - names.length }) : '';
    return type === null ? `${shown}${more}` : t('learning.kind', { type: words.type(type), names: `${shown}${more}` });
  };
  const sentence = (one: Rule) => {
    const client = kind(one.client_type, one.client_names, one.clients);
    const server = one.is_outside ? t('learning.outside') : kind(one.server_type, one.server_names, one.servers);
    const protocol = words.protocol(one.protocol);
    if (one.record === 'conversation') return t('learning.talks', { client, server, protocol });
    if (changing.includes(one.access ?? '')) return t('learning.changes', { client, server, protocol, access: words.access(one.access as 'write') });
    return t('learning.reads', { client, server, protocol, access: words.access((one.access ?? 'none') as 'read') });
  };
  const navigate = useNavigate();
  const { open } = useSearch({ from: '/o/$organization/learning' });
  const show = (key: string | undefined) => {
    void navigate({ to: '.', search: (before) => ({ ...before, open: key }) });
  };
  const rows = items.map((one) => ({ ...one, key: keyOf(one) }));
  const shown = rows.find((one) => one.key === open);
  return (
    <>
    {shown !== undefined && (
      <Drawer key={shown.key} title={sentence(shown)} onClose={() => { show(undefined); }}>
        <RuleEntries rule={shown} />
      </Drawer>
    )}
    <SimpleTable
      caption={t('learning.rules')}
      rows={rows}
      keyOf={(one) => one.key}
      columns={[
        { id: 'rule', header: t('learning.rule'), render: sentence },
        { id: 'entries', header: t('learning.covers'), numeric: true, render: (one) => formatCount(one.entries, locale) },
        { id: 'person', header: t('learning.byPerson'), numeric: true, render: (one) => formatCount(one.by_person, locale) },
        { id: 'last', header: t('learning.lastHit'), render: (one) => <TimeAgo time={one.last_seen} /> },
        { id: 'open', header: t('learning.next'), render: (one) => <Button small onClick={() => { show(one.key); }}>{t('learning.open')}</Button> },
      ]}
    />
    </>
  );
}

/** As the address of the page names the rule that is open. */
function keyOf(one: Rule): string {
  return [one.site.id, one.record, one.client_type, one.server_type, one.is_outside, one.protocol, one.access].join('~');
}
