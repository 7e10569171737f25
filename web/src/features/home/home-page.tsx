// Home: within five seconds, whether anything is wrong and what to do; every number leads to the rows it counts.
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '@/shared/lib/act-on-alerts';
import { useAlertWords } from '@/shared/lib/alert-words';
import { api, type Schemas } from '@/shared/lib/api';
import { formatBytes, formatClock, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { readScope, useScope, useSetScope, useZone, type ScopeSearch } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { formatRange } from '@/shared/lib/time-range';
import { Button, buttonClass } from '@/shared/ui/button';
import { TimeChart } from '@/shared/ui/chart/time-chart';
import { DeviceIcon } from '@/shared/ui/device-name';
import { Page, Panel } from '@/shared/ui/page';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';
import { StageWords } from '@/shared/ui/stage-chain';
import { Empty, Loaded } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './home.module.css';

function homeQuery(organization: string, { site, sensor }: ScopeSearch) {
  return queryOptions({
    queryKey: ['home', organization, site, sensor],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/home', { path: { organization }, query: { site, sensor }, signal }),
    refetchInterval: 60_000,
  });
}

export function preload(client: QueryClient, organization: string, search: Record<string, unknown>): void {
  void client.prefetchQuery(homeQuery(organization, readScope(search)));
}

export function HomePage() {
  const { t } = useTranslation();
  const home = useQuery(homeQuery(useOrganizationId(), useScope()));
  return (
    <Page title={t('nav.home')} about={t('home.about')}>
      <Loaded query={home} rows={10}>
        {(data) => (data.sensors.total === 0 ? <Welcome /> : <Content home={data} />)}
      </Loaded>
    </Page>
  );
}

function Welcome() {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const mayAdd = useMay('admin');
  return (
    <Empty title={t('home.noSensor')}>
      <p>{mayAdd ? t('home.noSensorNext') : t('home.noSensorAsk')}</p>
      {mayAdd && (
        <Link to="/o/$organization/sensors" params={{ organization }} className={buttonClass('primary')}>
          {t('sensors.add')}
        </Link>
      )}
    </Empty>
  );
}

/** As many as stand beside the chart. */
const newestMost = 8;

function Content({ home }: { home: Schemas['Home'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const organization = useOrganizationId();
  const scope = useScope();
  const setScope = useSetScope();
  const { sensors, traffic } = home;
  const before = traffic.bytes_24h_before;
  const change =
    traffic.bytes_24h !== null && before !== null && before > 0 ? Math.round((traffic.bytes_24h / before - 1) * 100) : undefined;
  const percent = change === undefined ? '' : `${change > 0 ? '+' : ''}${String(change)} %`;
  const params = { organization };
  const open = Object.values(home.alerts).reduce((sum, one) => sum + one, 0);
  return (
    <>
      <Today home={home} />
      <ul className={style['figures']}>
        <Figure
          label={t('home.alerts')}
          value={formatCount(open, locale)}
          note={home.alerts.critical + home.alerts.high > 0 ? `${t('severity.critical')} ${String(home.alerts.critical)} · ${t('severity.high')} ${String(home.alerts.high)}` : undefined}
          link={(children) => (
            <Link to="/o/$organization/alerts" params={params} search={scope}>
              {children}
            </Link>
          )}
        />
        <Figure
          label={t('home.devices')}
          value={formatCount(home.devices, locale)}
          link={(children) => (
            <Link to="/o/$organization/devices" params={params} search={scope}>
              {children}
            </Link>
          )}
        />
        <Figure
          label={t('home.new24h')}
          value={formatCount(home.devices_new_24h, locale)}
          note={t('home.new7d', { count: home.devices_new_7d })}
          link={(children) => (
            <Link to="/o/$organization/devices" params={params} search={{ ...scope, time: '24h', seen: 'new', sort: '-first_seen' }}>
              {children}
            </Link>
          )}
        />
        <Figure
          label={t('home.sensorsOk')}
          value={`${String(sensors.ok)} / ${String(sensors.total)}`}
          note={sensors.waiting > 0 ? t('home.waiting', { count: sensors.waiting }) : undefined}
          link={(children) => (
            <Link to="/o/$organization/sensors" params={params} search={scope}>
              {children}
            </Link>
          )}
        />
        <Figure
          label={t('home.traffic24h')}
          value={traffic.bytes_24h === null ? t('chart.noData') : formatBytes(traffic.bytes_24h)}
          note={percent === '' ? undefined : t('home.against', { percent })}
          link={(children) => (
            <Link to="/o/$organization/traffic" params={params} search={{ ...scope, time: '24h' }}>
              {children}
            </Link>
          )}
        />
      </ul>
      <div className={style['columns']}>
        <Panel
          title={t('home.newest')}
          actions={
            <Link to="/o/$organization/devices" params={params} search={{ ...scope, sort: '-first_seen' }}>
              {t('home.allNew')}
            </Link>
          }
          flush
        >
          {home.newest_devices.length === 0 ? (
            <p className="muted padded">{t('devices.empty')}</p>
          ) : (
            <div className={style['newest']}>
            <SimpleTable
              caption={t('home.newest')}
              rows={home.newest_devices.slice(0, newestMost)}
              keyOf={(device) => device.id}
              columns={[
                {
                  id: 'name',
                  header: t('column.name'),
                  render: (device) => (
                    <span className={style['device']}>
                      <DeviceIcon type={device.type} />
                      <Link to="/o/$organization/devices/$device" params={{ organization, device: device.id }} search={scope}>
                        {device.name}
                      </Link>
                    </span>
                  ),
                },
                { id: 'address', header: t('home.address'), render: (device) => <span className="mono nowrap">{device.ips[0] ?? device.macs[0] ?? '–'}</span> },
                { id: 'first', header: t('column.firstSeen'), render: (device) => <TimeAgo time={device.first_seen} /> },
              ]}
            />
            </div>
          )}
        </Panel>
        <Panel title={t('home.trafficTrend')}>
          <TimeChart
            label={t('home.trafficTrend')}
            data={traffic.series}
            height={250}
            nameOf={() => t('traffic.total')}
            onBrush={(from, to) => {
              setScope({ time: formatRange({ kind: 'absolute', from, to }) });
            }}
          />
        </Panel>
      </div>
    </>
  );
}

/** What to do now; when there is nothing, it says so. */
function Today({ home }: { home: Schemas['Home'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const organization = useOrganizationId();
  const scope = useScope();
  const tasks: { key: string; text: string; next: string; sensor?: string }[] = home.silent_sensors.slice(0, 4).map((sensor) => ({
    key: sensor.id,
    text:
      sensor.silent_since === null
        ? t('home.silent', { sensor: sensor.name })
        : t('home.silentSince', { sensor: sensor.name, time: formatClock(new Date(sensor.silent_since), locale, zone) }),
    next: t('home.silentNext'),
    sensor: sensor.id,
  }));
  if (home.sensors.degraded > 0) {
    tasks.push({ key: 'degraded', text: t('home.degraded', { count: home.sensors.degraded }), next: t('home.degradedNext') });
  }
  // What is part of an incident is answered there.
  const alone = home.gravest_alerts.filter((one) => !home.incidents.some(({ id }) => id === one.incident));
  return (
    <Panel title={t('home.today')}>
      <Incidents incidents={home.incidents} />
      <Questions alerts={alone.slice(0, Math.max(1, questionsMost - tasks.length - home.incidents.length))} />
      {tasks.length > 0 || home.incidents.length + home.gravest_alerts.length > 0 ? null : (
        <p className={style['calm']}>
          <CircleCheck size={20} aria-hidden />
          <span>
            {t('home.allWell')}{' '}
            <span className="muted">
              {t('home.lastData')} <TimeAgo time={home.last_data_at} />
            </span>
          </span>
        </p>
      )}
      {tasks.length > 0 && (
        <ul className={style['tasks']}>
          {tasks.map((task) => (
            <li key={task.key}>
              <TriangleAlert size={20} aria-hidden />
              <div>
                <Link
                  to="/o/$organization/sensors"
                  params={{ organization }}
                  search={{ ...scope, open: task.sensor }}
                >
                  {task.text}
                </Link>
                <p className="muted">{task.next}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** More than these would not be read. */
const questionsMost = 5;

/** What hangs together comes first: its alerts are answered there at once. */
function Incidents({ incidents }: { incidents: Schemas['Incident'][] }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  if (incidents.length === 0) return null;
  return (
    <ul className={style['tasks']}>
      {incidents.map((incident) => (
        <li key={incident.id}>
          <Severity severity={incident.severity} short />
          <div className={style['question']}>
            <Link to="/o/$organization/incidents/$incident" params={{ organization, incident: incident.id }} search={scope}>
              {t('incidents.title', { actor: incident.actor.name ?? t('common.unknown') })}
            </Link>
            <p className="muted">
              <StageWords stages={incident.stages} /> · <TimeAgo time={incident.last_seen} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The gravest open alerts as questions that one click answers. */
function Questions({ alerts }: { alerts: Schemas['Alert'][] }) {
  const { t } = useTranslation();
  const { title } = useAlertWords();
  const organization = useOrganizationId();
  const scope = useScope();
  const may = useMay('operator');
  const act = useAct();
  if (alerts.length === 0) return null;
  return (
    <ul className={style['tasks']}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Severity severity={alert.severity} short />
          <div className={style['question']}>
            <Link to="/o/$organization/alerts" params={{ organization }} search={{ ...scope, open: alert.id }}>
              {title(alert)}
            </Link>
            <p className="muted">
              <TimeAgo time={alert.last_seen} />
            </p>
          </div>
          {may && (
            <span className={style['answers']}>
              {alert.severity !== 'critical' && (
                <Button
                  small
                  disabled={act.isPending}
                  onClick={() => {
                    act.mutate({ alerts: [alert.id], action: 'learn' });
                  }}
                >
                  {t('home.answerNormal')}
                </Button>
              )}
              {alert.state === 'new' && (
                <Button
                  small
                  disabled={act.isPending}
                  onClick={() => {
                    act.mutate({ alerts: [alert.id], action: 'investigate' });
                  }}
                >
                  {t('home.answerLook')}
                </Button>
              )}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

interface FigureProps {
  label: string;
  value: string;
  note?: string | undefined;
  link: (children: ReactNode) => ReactNode;
}

function Figure({ label, value, note, link }: FigureProps) {
  return (
    <li className={style['figure']}>
      {link(
        <>
          <span className={style['label']}>{label}</span>
          <span className={`${style['value'] ?? ''} number`}>{value}</span>
        </>,
      )}
      {note !== undefined && <span className="muted number">{note}</span>}
    </li>
  );
}
