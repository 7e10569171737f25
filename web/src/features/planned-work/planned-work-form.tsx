// Registering planned work: when (in the site's time), who, on which devices, what is expected.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatLocal, parseLocal } from '@/shared/lib/format';
import { useScope, useSites, useZone } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { isoSeconds } from '@/shared/lib/time-range';
import { Button } from '@/shared/ui/button';
import { SelectField, TextField } from '@/shared/ui/field';
import { Panel } from '@/shared/ui/page';
import { useProblemText } from '@/shared/ui/state-frame';

import { DevicePicker, type Picked } from './device-picker';
import style from './planned-work.module.css';

type Change = Schemas['PlannedChange'];

const changes: Change[] = ['device', 'connection', 'write', 'control', 'program', 'config', 'time', 'silence'];
const hourMs = 3_600_000;

export function PlannedWorkForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const sites = useSites();
  const ownZone = useZone();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [site, setSite] = useState(scope.site);
  const chosen = sites?.find((one) => one.id === site) ?? sites?.[0];
  const zone = chosen?.time_zone ?? ownZone;
  const [title, setTitle] = useState('');
  const [people, setPeople] = useState('');
  const [note, setNote] = useState('');
  const [expects, setExpects] = useState<Change[]>(['connection', 'program', 'control']);
  const [devices, setDevices] = useState<Picked[]>([]);
  const [from, setFrom] = useState(() => formatLocal(new Date(Math.ceil(Date.now() / hourMs) * hourMs), zone));
  const [to, setTo] = useState(() => formatLocal(new Date(Math.ceil(Date.now() / hourMs) * hourMs + 2 * hourMs), zone));
  const add = useMutation({
    mutationFn: (body: Schemas['NewPlannedWork']) =>
      api.post('/api/v1/organizations/{organization}/planned-work', { path: { organization }, body }),
    onSuccess: () => {
      onDone();
      return client.invalidateQueries({ queryKey: ['planned-work'] });
    },
  });
  const starts = parseLocal(from, zone);
  const ends = parseLocal(to, zone);
  const isBackwards = starts !== undefined && ends !== undefined && ends <= starts;
  const isReady = chosen !== undefined && title.trim() !== '' && expects.length > 0 && starts !== undefined && ends !== undefined && !isBackwards;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isReady) return;
    add.mutate({
      site: chosen.id,
      title: title.trim(),
      people: people.trim(),
      note: note.trim(),
      expects,
      starts_at: isoSeconds(starts),
      ends_at: isoSeconds(ends),
      devices: devices.map((one) => one.id),
    });
  };
  return (
    <Panel title={t('plannedWork.add')}>
      <form className={style['form']} onSubmit={submit}>
        {(sites?.length ?? 0) > 1 && (
          <SelectField
            label={t('column.site')}
            value={chosen?.id}
            onChange={(event) => {
              setSite(event.target.value);
              setDevices([]);
            }}
          >
            {sites?.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectField>
        )}
        <TextField label={t('plannedWork.title')} value={title} maxLength={200} required onChange={(event) => { setTitle(event.target.value); }} />
        <TextField label={t('plannedWork.people')} value={people} maxLength={200} onChange={(event) => { setPeople(event.target.value); }} />
        <TextField label={t('plannedWork.from')} hint={zone} type="datetime-local" value={from} required onChange={(event) => { setFrom(event.target.value); }} />
        <TextField
          label={t('plannedWork.to')}
          hint={zone}
          type="datetime-local"
          value={to}
          required
          error={isBackwards ? t('plannedWork.backwards') : undefined}
          onChange={(event) => { setTo(event.target.value); }}
        />
        <TextField label={t('plannedWork.note')} value={note} maxLength={2000} onChange={(event) => { setNote(event.target.value); }} />
        <fieldset className={style['wide']}>
          <legend>{t('plannedWork.expects')}</legend>
          {changes.map((change) => (
            <label key={change}>
              <input
                type="checkbox"
                checked={expects.includes(change)}
                onChange={(event) => { setExpects(event.target.checked ? [...expects, change] : expects.filter((one) => one !== change)); }}
              />{' '}
              {t(`plannedWork.change.${change}`)}
            </label>
          ))}
        </fieldset>
        <div className={style['wide']}>
          <DevicePicker site={chosen?.id} picked={devices} onChange={setDevices} />
        </div>
        <div className={style['buttons']}>
          <Button look="primary" type="submit" disabled={!isReady || add.isPending}>
            {t('plannedWork.save')}
          </Button>
          <Button onClick={onDone}>{t('common.cancel')}</Button>
          {add.error !== null && <span role="alert">{problemText(add.error)}</span>}
        </div>
      </form>
    </Panel>
  );
}
