// What can be done with an incident, and what was said about it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { peopleQuery } from '@/shared/lib/alert-people';
import { api, type Schemas } from '@/shared/lib/api';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { TextField } from '@/shared/ui/field';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { Panel } from '@/shared/ui/page';
import { useProblemText } from '@/shared/ui/state-frame';
import { TimeAgo } from '@/shared/ui/time-ago';

import style from './incidents.module.css';

type Detail = Schemas['IncidentDetail'];
type Action = Schemas['IncidentAction'];

const reasons = ['incident', 'planned_work', 'false_positive', 'accepted_risk'] as const;

function useActOn(incident: Detail) {
  const organization = useOrganizationId();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Action) =>
      api.post('/api/v1/organizations/{organization}/incidents/{incident}/actions', { path: { organization, incident: incident.id }, body }),
    onSettled: () => {
      const shown = ['incidents', 'incident', 'alerts', 'alert', 'home'];
      void client.invalidateQueries({ predicate: (query) => shown.includes(String(query.queryKey[0])) });
    },
  });
}

export function IncidentActions({ incident }: { incident: Detail }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const may = useMay('operator');
  const people = useQuery({ ...peopleQuery(organization), enabled: may });
  const act = useActOn(incident);
  const problemText = useProblemText();
  if (!may) return null;
  const run = (action: Action['action'], more: Partial<Action> = {}) => {
    act.mutate({ action, ...more });
  };
  if (incident.state === 'closed') {
    return <Button small onClick={() => { run('reopen'); }}>{t('incidents.reopen')}</Button>;
  }
  return (
    <>
      {incident.state === 'new' && <Button small onClick={() => { run('investigate'); }}>{t('alerts.investigate')}</Button>}
      <Menu small label={t('incidents.close')}>
        {(close) =>
          reasons.map((reason) => (
            <MenuItem key={reason} onClick={() => { close(); run('close', { reason }); }}>
              {t(`alertReason.${reason}`)}
            </MenuItem>
          ))
        }
      </Menu>
      <Menu small label={t('alerts.assign')}>
        {(close) => (
          <>
            {people.data?.items.map((person) => (
              <MenuItem key={person.id} onClick={() => { close(); run('assign', { assignee: person.id }); }}>
                {person.name}
              </MenuItem>
            ))}
            <MenuItem onClick={() => { close(); run('assign'); }}>{t('alerts.nobody')}</MenuItem>
          </>
        )}
      </Menu>
      {act.error !== null && <span role="alert">{problemText(act.error)}</span>}
    </>
  );
}

export function IncidentComments({ incident }: { incident: Detail }) {
  const { t } = useTranslation();
  const act = useActOn(incident);
  const may = useMay('operator');
  const [text, setText] = useState('');
  return (
    <Panel title={t('incidents.history')}>
      <ul className={style['list']}>
        {incident.history.map((one, index) => {
          const reason = typeof one.detail['reason'] === 'string' ? ` (${t(`alertReason.${one.detail['reason'] as 'incident'}`)})` : '';
          return (
            <li key={String(index)}>
              <strong>{one.person?.name ?? 'OsecT'}</strong> {one.action === 'opened' ? t('incidents.opened') : t(`alerts.done.${one.action}`)}
              {reason} <TimeAgo time={one.at} />
              {one.comment !== null && <div className={style['said']}>{one.comment}</div>}
            </li>
          );
        })}
      </ul>
      {may && (
        <form
          className={style['comment']}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() === '') return;
            act.mutate({ action: 'comment', comment: text.trim() });
            setText('');
          }}
        >
          <TextField label={t('alerts.comment')} value={text} maxLength={2000} onChange={(event) => { setText(event.target.value); }} />
          <Button type="submit">{t('alerts.addComment')}</Button>
        </form>
      )}
    </Panel>
  );
}
