// One alert: what happened, what to do, when, on what evidence, what was said, and what learning it would allow.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '@/shared/lib/act-on-alerts';
import { useAlertWords } from '@/shared/lib/alert-words';
import type { Schemas } from '@/shared/lib/api';
import { formatCount, formatFull } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useZone } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { DeviceLink } from '@/shared/ui/device-name';
import { FactList } from '@/shared/ui/fact-list';
import { TextField } from '@/shared/ui/field';
import { Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';
import { Tabs } from '@/shared/ui/tabs';
import { TimeAgo } from '@/shared/ui/time-ago';

import { AlertActions } from './alert-actions';
import { alertQuery } from './alert-queries';
import style from './alerts.module.css';

type Detail = Schemas['AlertDetail'];
type Entry = Schemas['BaselineEntry'];

const tabs = ['todo', 'summary', 'timeline', 'evidence', 'comments', 'learning'] as const;
type Tab = (typeof tabs)[number];

export function AlertTitle({ id }: { id: string }) {
  const { t } = useTranslation();
  const { title } = useAlertWords();
  const alert = useQuery(alertQuery(useOrganizationId(), id)).data;
  return <>{alert === undefined ? t('nav.alert') : title(alert)}</>;
}

/** Where the map shows it: the edge of both devices, or the one there is. */
function placeOnMap(alert: Detail): { edge: string } | { node: string } | undefined {
  const client = alert.client?.id ?? null;
  const server = alert.server?.id ?? null;
  if (client !== null && server !== null && client !== server) return { edge: `${client}>${server}` };
  const only = client ?? server;
  return only === null ? undefined : { node: only };
}

export function AlertContent({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery(alertQuery(useOrganizationId(), id));
  const [tab, setTab] = useState<Tab>('todo');
  return (
    <Loaded query={query} rows={8}>
      {(alert) => (
        <>
          <Head alert={alert} />
          <div className={style['actions']}>
            <AlertActions ids={[alert.id]} state={alert.state} small />
          </div>
          <Tabs
            label={t('alerts.parts')}
            value={tab}
            choices={tabs.map((one) => ({ value: one, label: t(`alerts.part.${one}`) }))}
            onChange={setTab}
          />
          <Part tab={tab} alert={alert} />
        </>
      )}
    </Loaded>
  );
}

function Head({ alert }: { alert: Detail }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const place = placeOnMap(alert);
  return (
    <div className={style['head']}>
      <Severity severity={alert.severity} />
      <span>
        {t(`alertState.${alert.state}`)}
        {alert.reason !== null && ` (${t(`alertReason.${alert.reason}`)})`}
      </span>
      <TimeAgo time={alert.last_seen} />
      {alert.planned_work !== null && <span>{t('alerts.asPlanned', { name: alert.planned_work.name })}</span>}
      {place !== undefined && (
        <Link to="/o/$organization/network" params={{ organization }} search={{ ...scope, ...place }}>
          {t('alerts.onMap')}
        </Link>
      )}
      {alert.incident !== null && (
        <Link to="/o/$organization/incidents/$incident" params={{ organization, incident: alert.incident }} search={scope}>
          {t('alerts.incidentOpen')}
        </Link>
      )}
    </div>
  );
}

function Part({ tab, alert }: { tab: Tab; alert: Detail }) {
  switch (tab) {
    case 'todo':
      return <Guidance alert={alert} />;
    case 'summary':
      return <Summary alert={alert} />;
    case 'timeline':
      return <Timeline alert={alert} />;
    case 'evidence':
      return <Evidence alert={alert} />;
    case 'comments':
      return <Comments alert={alert} />;
    case 'learning':
      return <Allowed entries={alert.allows} />;
  }
}

function Guidance({ alert }: { alert: Detail }) {
  const { t } = useTranslation();
  const { text } = useAlertWords();
  const { guidance } = alert;
  if (guidance === null) return <p className="muted padded">{t('alerts.noGuidance')}</p>;
  return (
    <Panel>
      <div className={style['guidance']}>
        {(['explain', 'check', 'do_not'] as const).map((one) => (
          <section key={one}>
            <h3>{t(`alerts.guidance.${one}`)}</h3>
            <p>{text(alert, guidance[one])}</p>
          </section>
        ))}
      </div>
    </Panel>
  );
}

const pointReasons = ['rule', 'controller', 'made_up_mac', 'from_outside', 'refused', 'planned_work', 'not_planned', 'outside_planned_work'] as const;

function Summary({ alert }: { alert: Detail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const points = alert.points.map(({ reason, points: number }) => {
    const known = pointReasons.find((one) => one === reason);
    return `${known === undefined ? reason : t(`alerts.point.${known}`)} ${number > 0 ? '+' : ''}${String(number)}`;
  });
  const entries: [string, ReactNode][] = [
    ...(alert.client === null ? [] : ([[t('alerts.client'), <DeviceLink key="client" device={alert.client} />]] as [string, ReactNode][])),
    ...(alert.server === null ? [] : ([[t('alerts.server'), <DeviceLink key="server" device={alert.server} />]] as [string, ReactNode][])),
    [t('column.site'), alert.site.name],
    [t('alerts.count'), formatCount(alert.count, locale)],
    [t('alerts.first'), <TimeAgo key="first" time={alert.first_seen} />],
    [t('alerts.last'), <TimeAgo key="last" time={alert.last_seen} />],
    [t('alerts.category'), t(`alertCategory.${alert.category}`)],
    [t('alerts.points'), points.join(t('common.listSeparator'))],
    [t('alerts.assignee'), alert.assignee?.name ?? t('alerts.nobody')],
    ...(alert.reason === 'muted'
      ? ([[t('alerts.mutedUntil'), alert.muted_until === null ? t('alerts.muteFor.ever') : <TimeAgo key="muted" time={alert.muted_until} />]] as [string, ReactNode][])
      : []),
    [t('alerts.attack'), alert.guidance?.attack.join(' ') ?? '–'],
    [t('alerts.rule'), alert.rule],
  ];
  return (
    <Panel>
      <FactList entries={entries} />
    </Panel>
  );
}

function Timeline({ alert }: { alert: Detail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const seen = alert.evidence.map((one) => ({
    key: `e${one.id}`,
    at: one.first_seen,
    text: t('alerts.seen', { what: t(`alerts.record.${one.record as 'device'}`, { defaultValue: one.record }) }),
    who: '',
  }));
  const done = alert.history.map((one, index) => {
    const reason = typeof one.detail['reason'] === 'string' ? one.detail['reason'] : undefined;
    return {
      key: `h${String(index)}`,
      at: one.at,
      text: t(`alerts.done.${one.action}`) + (reason === undefined ? '' : ` (${t(`alertReason.${reason as 'incident'}`)})`),
      who: one.person?.name ?? '',
    };
  });
  const all = [...seen, ...done].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <Panel flush>
      <SimpleTable
        caption={t('alerts.part.timeline')}
        rows={all}
        keyOf={(one) => one.key}
        columns={[
          { id: 'at', header: t('alerts.when'), render: (one) => <span className="number nowrap">{formatFull(new Date(one.at), locale, zone)}</span> },
          { id: 'what', header: t('alerts.what'), render: (one) => one.text },
          { id: 'who', header: t('alerts.who'), render: (one) => one.who },
        ]}
      />
    </Panel>
  );
}

function Evidence({ alert }: { alert: Detail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const told = (detail: Detail['detail']) => {
    const { protocol, service, function: name, target, port, value, errors, silent_s: silent } = detail;
    return [
      protocol === undefined || protocol === '' ? (service ?? '') : words.protocol(String(protocol)),
      name === undefined ? '' : words.functionName(String(name)),
      target === undefined || target === '' ? '' : words.target(String(target)),
      port === undefined ? '' : t('alerts.port', { port }),
      value ?? '',
      errors === undefined ? '' : `${t('operation.errors')} ${String(errors)}`,
      silent === undefined ? '' : t('alerts.silent', { minutes: Math.round(Number(silent) / 60) }),
    ]
      .filter((one) => one !== '')
      .join(' · ');
  };
  return (
    <Panel flush>
      <SimpleTable
        caption={t('alerts.part.evidence')}
        rows={alert.evidence}
        keyOf={(one) => one.id}
        columns={[
          { id: 'first', header: t('alerts.first'), render: (one) => <TimeAgo time={one.first_seen} /> },
          { id: 'client', header: t('alerts.client'), render: (one) => (one.client === null ? '–' : <DeviceLink device={one.client} />) },
          { id: 'server', header: t('alerts.server'), render: (one) => (one.server === null ? '–' : <DeviceLink device={one.server} />) },
          { id: 'told', header: t('alerts.what'), render: (one) => told(one.detail) },
          { id: 'count', header: t('alerts.count'), numeric: true, render: (one) => formatCount(one.count, locale) },
        ]}
      />
    </Panel>
  );
}

function Comments({ alert }: { alert: Detail }) {
  const { t } = useTranslation();
  const act = useAct();
  const may = useMay('operator');
  const [text, setText] = useState('');
  const said = alert.history.filter((one) => one.comment !== null);
  return (
    <Panel>
      {said.length === 0 ? (
        <p className="muted">{t('alerts.noComments')}</p>
      ) : (
        <ul className={style['list']}>
          {said.map((one) => (
            <li key={one.at}>
              <strong>{one.person?.name ?? ''}</strong> <TimeAgo time={one.at} />
              <div className={style['said']}>{one.comment}</div>
            </li>
          ))}
        </ul>
      )}
      {may && (
        <form
          className={style['comment']}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() === '') return;
            act.mutate({ alerts: [alert.id], action: 'comment', comment: text.trim() });
            setText('');
          }}
        >
          <TextField
            label={t('alerts.comment')}
            value={text}
            maxLength={2000}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
          <Button type="submit">{t('alerts.addComment')}</Button>
        </form>
      )}
    </Panel>
  );
}

function Allowed({ entries }: { entries: Entry[] }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const rows = entries.map((one, index) => ({ ...one, key: String(index) }));
  const told = (one: Entry) => {
    if (one.record === 'operation') return `${words.functionName(one.function ?? '')}${one.target === null ? '' : ` · ${words.target(one.target)}`}`;
    if (one.record === 'conversation') return words.transport(one.transport ?? '', one.port);
    return one.value ?? '';
  };
  return (
    <Panel flush>
      <p className="padded">{rows.length === 0 ? t('alerts.allowsNothing') : t('alerts.allows')}</p>
      {rows.some((one) => one.record === 'device') && <p className="padded">{t('alerts.learnsDays')}</p>}
      {rows.length > 0 && (
        <SimpleTable
          caption={t('alerts.part.learning')}
          rows={rows}
          keyOf={(one) => one.key}
          columns={[
            { id: 'record', header: t('alerts.kind'), render: (one) => t(`alerts.record.${one.record}`) },
            { id: 'client', header: t('alerts.client'), render: (one) => <DeviceLink device={one.client} /> },
            { id: 'server', header: t('alerts.server'), render: (one) => (one.server === null ? '–' : <DeviceLink device={one.server} />) },
            { id: 'protocol', header: t('network.protocol'), render: (one) => (one.protocol === null ? '–' : words.protocol(one.protocol)) },
            { id: 'told', header: t('alerts.what'), render: told },
          ]}
        />
      )}
    </Panel>
  );
}
