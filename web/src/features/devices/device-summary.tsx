// What a device is, in one panel: each value with where it comes from, and one click away why.
import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { Panel } from '@/shared/ui/page';
import { TimeAgo } from '@/shared/ui/time-ago';

import { useAttributeValue } from './attribute-value';
import { DeviceEdit } from './device-edit';
import { factsQuery } from './device-queries';
import { Why } from './device-why';
import style from './devices.module.css';

type Device = Schemas['DeviceDetail'];

interface Entry {
  label: string;
  value: ReactNode;
  /** Its name among the attributes, where it has grounds. */
  attribute?: string;
  isByPerson?: boolean;
}

export function Summary({ device }: { device: Device }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const valueOf = useAttributeValue();
  const mayChange = useMay('operator');
  const [isEditing, setEditing] = useState(false);
  const [open, setOpen] = useState<string>();
  const shown = (name: 'vendor' | 'family' | 'model' | 'firmware' | 'hardware' | 'serial' | 'os' | 'host_name'): Entry => ({
    label: words.attribute(name),
    value: device[name],
    attribute: name,
  });
  const worded = (name: 'level' | 'role' | 'mac_kind'): Entry => ({
    label: words.attribute(name),
    value: device[name] === null ? null : valueOf(name, device[name]),
    attribute: name,
  });
  const entries: Entry[] = [
    { label: t('column.name'), value: device.name, attribute: 'host_name', isByPerson: device.name_source === 'person' },
    { label: t('column.type'), value: device.type === null ? null : words.type(device.type), attribute: 'type', isByPerson: device.type_source === 'person' },
    shown('vendor'),
    shown('family'),
    shown('model'),
    shown('firmware'),
    shown('hardware'),
    shown('serial'),
    shown('os'),
    worded('level'),
    worded('role'),
    worded('mac_kind'),
    { label: t('column.hasInternet'), value: device.has_internet ? t('common.yes') : t('common.no') },
    { label: t('column.site'), value: device.site.name },
    { label: t('column.sensors'), value: device.sensors.map((one) => one.name).join(', ') },
    { label: t('column.firstSeen'), value: <TimeAgo time={device.first_seen} /> },
    { label: t('column.lastSeen'), value: <TimeAgo time={device.last_seen} /> },
  ];
  const notes = [
    ...(device.conflicts.length > 0
      ? [t('device.conflicts', { attributes: device.conflicts.map((one) => words.attribute(one)).join(t('device.listComma')) })]
      : []),
    ...(device.is_router ? [t('device.isRouter')] : []),
    ...(device.is_local ? [] : [t('device.isRemote')]),
    ...(device.os === null ? [t('device.osUnknown')] : []),
  ];
  const openAttribute = open === undefined ? undefined : device.attributes[open];
  return (
    <Panel
      title={t('device.summary')}
      actions={
        mayChange && !isEditing ? (
          <Button
            small
            icon={<Pencil size={14} aria-hidden />}
            onClick={() => {
              setEditing(true);
            }}
          >
            {t('device.edit')}
          </Button>
        ) : undefined
      }
    >
      {isEditing && (
        <DeviceEdit
          device={device}
          onDone={() => {
            setEditing(false);
          }}
        />
      )}
      <dl className={style['facts']}>
        {entries.map((entry) => (
          <EntryView
            key={entry.label}
            entry={entry}
            grounds={entry.attribute === undefined ? undefined : device.attributes[entry.attribute]}
            isOpen={open !== undefined && open === entry.attribute}
            onWhy={() => {
              setOpen(open === entry.attribute ? undefined : entry.attribute);
            }}
          />
        ))}
      </dl>
      {open !== undefined && openAttribute !== undefined && <Why device={device.id} name={open} attribute={openAttribute} />}
      {notes.length > 0 && (
        <ul className={style['notes']}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface EntryViewProps {
  entry: Entry;
  grounds: Schemas['DeviceAttribute'] | undefined;
  isOpen: boolean;
  onWhy: () => void;
}

function EntryView({ entry, grounds, isOpen, onWhy }: EntryViewProps) {
  const { t } = useTranslation();
  const words = useVocabulary();
  return (
    <div>
      <dt>{entry.label}</dt>
      <dd>
        {entry.value === null || entry.value === '' ? <span className="muted">{t('common.unknown')}</span> : entry.value}
        {entry.isByPerson === true && <small className="muted"> {t('device.from', { source: words.source('person') })}</small>}
        {grounds !== undefined && (
          <small className="muted nowrap">
            {' '}
            {entry.isByPerson !== true && t('device.sure', { source: words.source(grounds.source), confidence: grounds.confidence })}{' '}
            <button
              type="button"
              className={style['ask']}
              aria-expanded={isOpen}
              aria-label={t('why.askOf', { attribute: entry.label })}
              onClick={onWhy}
            >
              {grounds.is_in_conflict ? t('why.askConflict') : t('why.ask')}
            </button>
          </small>
        )}
      </dd>
    </div>
  );
}

/** The modules of a chassis, by what its interface said of them. */
export function Modules({ device }: { device: Device }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const facts = useQuery(factsQuery(useOrganizationId(), device.id)).data?.items ?? [];
  const modules = facts.filter((fact) => fact.attribute === 'module' || fact.attribute === 'slot');
  if (modules.length === 0) return null;
  const sorted = [...modules].sort((a, b) => a.value.localeCompare(b.value, undefined, { numeric: true }));
  return (
    <Panel title={t('device.modules')}>
      <ul className={style['modules']}>
        {sorted.map((one) => (
          <li key={one.id}>
            <span className="breakable">{one.value}</span> <small className="muted">{words.source(one.source)}</small>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
