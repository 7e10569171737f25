// One incident: how far it went, what happened in which order, who takes part, what was done about it.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useAlertWords } from '@/shared/lib/alert-words';
import type { Schemas } from '@/shared/lib/api';
import { formatFull } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope, useZone } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { DeviceLink } from '@/shared/ui/device-name';
import { Page, Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { StageChain } from '@/shared/ui/stage-chain';
import { Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { IncidentActions, IncidentComments } from './incident-actions';
import { incidentQuery } from './incident-queries';
import style from './incidents.module.css';

type Detail = Schemas['IncidentDetail'];

export function IncidentPage() {
  const { t } = useTranslation();
  const { incident: id } = useParams({ from: '/o/$organization/incidents/$incident' });
  const query = useQuery(incidentQuery(useOrganizationId(), id));
  const actor = query.data?.actor.name;
  return (
    <Page title={actor === undefined || actor === null ? t('nav.incident') : t('incidents.title', { actor })}>
      <Loaded query={query} rows={8}>
        {(incident) => <Content incident={incident} />}
      </Loaded>
    </Page>
  );
}

function Content({ incident }: { incident: Detail }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={style['head']}>
        <Severity severity={incident.severity} />
        <span>
          {t(`alertState.${incident.state}`)}
          {incident.reason !== null && ` (${t(`alertReason.${incident.reason}`)})`}
        </span>
        <span>{t('incidents.lastStep')} <TimeAgo time={incident.last_seen} /></span>
        <span className="muted">{incident.site.name}</span>
        <span className="muted">{t('alerts.assignee')}: {incident.assignee?.name ?? t('alerts.nobody')}</span>
      </div>
      <div className={style['head']}>
        <IncidentActions incident={incident} />
      </div>
      <Panel title={t('incidents.stages')}>
        <StageChain stages={incident.stages} />
        <p className="muted">{t('incidents.stagesAbout')}</p>
      </Panel>
      <Steps incident={incident} />
      <Parties incident={incident} />
      <IncidentComments incident={incident} />
    </>
  );
}

function Steps({ incident }: { incident: Detail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const organization = useOrganizationId();
  const scope = useScope();
  const { title } = useAlertWords();
  const nameOf = (id: string | null) => incident.stages.find((one) => one.id === id)?.name[locale] ?? '–';
  return (
    <Panel title={t('alerts.part.timeline')} flush>
      <SimpleTable
        caption={t('alerts.part.timeline')}
        rows={incident.timeline}
        keyOf={({ alert }) => alert.id}
        columns={[
          { id: 'at', header: t('alerts.when'), render: ({ alert }) => <span className="number nowrap">{formatFull(new Date(alert.first_seen), locale, zone)}</span> },
          { id: 'stage', header: t('incidents.stage'), render: ({ stage }) => nameOf(stage) },
          { id: 'severity', header: t('alerts.severity'), render: ({ alert }) => <Severity severity={alert.severity} /> },
          {
            id: 'what',
            header: t('alerts.what'),
            render: ({ alert }) => (
              <Link to="/o/$organization/alerts/$alert" params={{ organization, alert: alert.id }} search={scope}>
                {title(alert)}
              </Link>
            ),
          },
          { id: 'state', header: t('alerts.state'), render: ({ alert }) => t(`alertState.${alert.state}`) },
        ]}
      />
    </Panel>
  );
}

function Parties({ incident }: { incident: Detail }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('incidents.devices')} flush>
      <SimpleTable
        caption={t('incidents.devices')}
        rows={incident.parties}
        keyOf={({ device }) => `${device.id ?? ''} ${device.name ?? ''}`}
        columns={[
          { id: 'device', header: t('nav.device'), render: ({ device }) => <DeviceLink device={device} /> },
          {
            id: 'part',
            header: t('incidents.part'),
            render: (one) =>
              [one.is_actor ? t('incidents.didIt') : '', one.is_target ? t('incidents.wasReached') : '']
                .filter((text) => text !== '')
                .join(t('common.listSeparator')),
          },
          { id: 'since', header: t('alerts.first'), render: (one) => <TimeAgo time={one.first_seen} /> },
        ]}
      />
    </Panel>
  );
}
