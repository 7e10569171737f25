// One sensor: health, monitor ports, gaps, and what an administrator can do with it.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount, formatMoment } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useNow } from '@/shared/lib/now';
import { useBounds, useZone } from '@/shared/lib/scope';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { Dialog } from '@/shared/ui/dialog';
import { FactList } from '@/shared/ui/fact-list';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded, useProblemText } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import { OneTimeCode } from './enrol';
import { SensorHealth } from './sensor-health';
import style from './sensors.module.css';

export function SensorContent({ id }: { id: string }) {
  const organization = useOrganizationId();
  const range = useBounds();
  const sensor = useQuery({
    queryKey: ['sensor', organization, id, range],
    queryFn: ({ signal }) =>
      api.get('/api/v1/organizations/{organization}/sensors/{sensor}', {
        path: { organization, sensor: id },
        query: range,
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded query={sensor} rows={8}>
      {(data) => (
        <div className={style['content']}>
          <SensorHealth sensor={data} withNext />
          <Box sensor={data} />
          <Ports ports={data.ports} />
          <Gaps gaps={data.gaps} />
          <Administration sensor={data} />
        </div>
      )}
    </Loaded>
  );
}

function Box({ sensor }: { sensor: Schemas['SensorDetail'] }) {
  const { t } = useTranslation();
  const last = sensor.series[sensor.series.length - 1];
  const entries: [string, React.ReactNode][] = [
    [t('column.site'), sensor.site.name],
    [t('sensors.lastSeen'), <TimeAgo key="last" time={sensor.last_seen_at} />],
    [t('sensors.enrolled'), <TimeAgo key="enrolled" time={sensor.enrolled_at} />],
    [t('sensors.version'), sensor.version ?? '–'],
    [t('sensors.address'), <span key="address" className="mono">{sensor.last_address ?? '–'}</span>],
    [t('sensors.certificate'), <span key="serial" className="mono breakable">{sensor.certificate_serial ?? '–'}</span>],
    ...(last === undefined
      ? []
      : ([
          [t('sensors.cpu'), `${last.cpu_percent.toFixed(0)} %`],
          [t('sensors.memory'), formatBytes(last.memory_bytes)],
          [t('sensors.spool'), formatBytes(last.spool_bytes)],
          [t('sensors.diskFree'), formatBytes(last.disk_free_bytes)],
          [t('sensors.temperature'), last.temperature_c === null ? '–' : `${String(last.temperature_c)} °C`],
          [t('sensors.clockOffset'), last.clock_offset_ms === null ? '–' : `${String(last.clock_offset_ms)} ms`],
        ] satisfies [string, React.ReactNode][])),
  ];
  return (
    <Panel title={t('sensors.box')}>
      <dl className={style['facts']}>
        {entries.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Ports({ ports }: { ports: Schemas['MonitorPort'][] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Panel title={t('sensors.ports')}>
      {ports.length === 0 ? (
        <p className="muted">{t('sensors.noPorts')}</p>
      ) : (
        ports.map((port) => (
          <section key={port.name} className={style['port']}>
            <h3 className="mono">{port.name}</h3>
            <FactList
              entries={[
                [t('column.packets'), formatCount(port.packets, locale)],
                [t('column.bytes'), formatBytes(port.bytes)],
                [t('sensors.dropped'), formatCount(port.dropped_kernel + port.dropped_queue, locale)],
                [t('sensors.malformed'), formatCount(port.malformed, locale)],
                [t('sensors.unparsed'), formatCount(port.unparsed, locale)],
              ]}
            />
            <Mirror port={port} />
          </section>
        ))
      )}
    </Panel>
  );
}

/** What the mirror of a port shows and what it does not, with what to change on the switch. */
function Mirror({ port }: { port: Schemas['MonitorPort'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  const { mirror } = port;
  const figures = (fault: Schemas['MirrorFault']) => {
    const format = fault.fault === 'oversubscribed' ? formatBytes : (count: number) => formatCount(count, locale);
    return { seen: format(fault.count), of: format(fault.of) };
  };
  return (
    <div className={style['mirror']}>
      <h4>{t('mirror.title')}</h4>
      {mirror === null ? (
        <p className="muted">{t('mirror.waiting')}</p>
      ) : (
        <>
          {mirror.faults.length === 0 && (
            <p className={style['health']}>
              <CircleCheck size={16} aria-hidden />
              {t('mirror.fine')}
            </p>
          )}
          {mirror.faults.map((fault) => (
            <div key={fault.fault} className={style['fault']}>
              <p className={`${style['health'] ?? ''} ${style['degraded'] ?? ''}`}>
                <TriangleAlert size={16} aria-hidden />
                {t(`mirror.seen.${fault.fault}`, figures(fault))}
              </p>
              <p>
                <span className="muted">{t('mirror.next')}</span>
                <br />
                {t(`mirror.change.${fault.fault}`)}
              </p>
            </div>
          ))}
          <p className="muted">{t('mirror.at', { time: formatMoment(new Date(mirror.at), now, locale, zone) })}</p>
        </>
      )}
    </div>
  );
}

const gapReasons = ['restart', 'port_gone', 'spool_full', 'spool_damaged'] as const;

function Gaps({ gaps }: { gaps: Schemas['Gap'][] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const now = useNow(60_000);
  const reason = (word: string) => {
    const known = gapReasons.find((one) => one === word);
    return known === undefined ? word : t(`gap.${known}`);
  };
  return (
    <Panel title={t('sensors.gaps')} flush>
      {gaps.length === 0 ? (
        <p className="muted padded">{t('sensors.noGaps')}</p>
      ) : (
        <SimpleTable
          caption={t('sensors.gaps')}
          rows={gaps}
          keyOf={(gap) => `${gap.from} ${gap.to} ${gap.reason}`}
          columns={[
            { id: 'from', header: t('time.from'), render: (gap) => formatMoment(new Date(gap.from), now, locale, zone) },
            { id: 'to', header: t('time.to'), render: (gap) => formatMoment(new Date(gap.to), now, locale, zone) },
            { id: 'reason', header: t('sensors.reason'), render: (gap) => reason(gap.reason) },
            { id: 'packets', header: t('column.packets'), numeric: true, render: (gap) => formatCount(gap.packets, locale) },
          ]}
        />
      )}
    </Panel>
  );
}

function Administration({ sensor }: { sensor: Schemas['Sensor'] }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const problemText = useProblemText();
  const mayChange = useMay('admin');
  const [isRevoking, setRevoking] = useState(false);
  const path = { organization, sensor: sensor.id };
  const refresh = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['sensors'] }), client.invalidateQueries({ queryKey: ['sensor'] })]);
  };
  const renew = useMutation({
    mutationFn: () => api.post('/api/v1/organizations/{organization}/sensors/{sensor}/code', { path }),
    onSuccess: refresh,
  });
  const revoke = useMutation({
    mutationFn: () => api.post('/api/v1/organizations/{organization}/sensors/{sensor}/revoke', { path }),
    onSuccess: async () => {
      setRevoking(false);
      await refresh();
    },
  });
  if (!mayChange || sensor.state === 'revoked') return null;
  const close = () => {
    setRevoking(false);
  };
  return (
    <Panel title={t('sensors.administration')}>
      <div className={style['buttons']}>
        <Button disabled={renew.isPending} onClick={() => { renew.mutate(); }}>
          {t('sensors.newCode')}
        </Button>
        <Button look="danger" onClick={() => { setRevoking(true); }}>
          {t('sensors.revoke')}
        </Button>
      </div>
      {renew.isError && <p role="alert">{problemText(renew.error)}</p>}
      {renew.data !== undefined && <OneTimeCode enrolment={renew.data} />}
      {isRevoking && (
        <Dialog
          title={t('sensors.revokeTitle', { name: sensor.name })}
          onClose={close}
          actions={
            <>
              <Button onClick={close}>{t('common.cancel')}</Button>
              <Button look="danger" disabled={revoke.isPending} onClick={() => { revoke.mutate(); }}>
                {t('sensors.revoke')}
              </Button>
            </>
          }
        >
          <p>{t('sensors.revokeText')}</p>
          {revoke.isError && <p role="alert">{problemText(revoke.error)}</p>}
        </Dialog>
      )}
    </Panel>
  );
}
