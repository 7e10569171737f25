// What can be done with alerts, one or many: look into, learn, mute, close, give to somebody, take back.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { peopleQuery } from '@/shared/lib/alert-people';
import { useAct } from '@/shared/lib/act-on-alerts';
import type { Schemas } from '@/shared/lib/api';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { useProblemText } from '@/shared/ui/state-frame';

const reasons = ['planned_work', 'false_positive', 'incident', 'accepted_risk'] as const;
const hours = { '8h': 8, '1d': 24, '1w': 168 } as const;

interface AlertActionsProps {
  ids: string[];
  /** What all of them allow; many may differ, then everything is offered. */
  state?: Schemas['AlertState'];
  small?: boolean;
}

export function AlertActions({ ids, state, small = false }: AlertActionsProps) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const may = useMay('operator');
  const people = useQuery({ ...peopleQuery(organization), enabled: may });
  const act = useAct();
  const problemText = useProblemText();
  if (!may) return null;
  const run = (action: Schemas['AlertAction']['action'], more: Partial<Schemas['AlertAction']> = {}) => {
    act.mutate({ alerts: ids, action, ...more });
  };
  return (
    <>
      {state !== 'closed' && (
        <>
          {state !== 'investigating' && (
            <Button small={small} onClick={() => { run('investigate'); }}>
              {t('alerts.investigate')}
            </Button>
          )}
          <Button small={small} title={t('alerts.learnHelp')} onClick={() => { run('learn'); }}>
            {t('alerts.learn')}
          </Button>
          <Menu small={small} label={t('alerts.mute')}>
            {(close) => (
              <>
                {(Object.keys(hours) as (keyof typeof hours)[]).map((span) => (
                  <MenuItem
                    key={span}
                    onClick={() => {
                      close();
                      run('mute', { until: new Date(Date.now() + hours[span] * 3_600_000).toISOString() });
                    }}
                  >
                    {t(`alerts.muteFor.${span}`)}
                  </MenuItem>
                ))}
                <MenuItem onClick={() => { close(); run('mute'); }}>{t('alerts.muteFor.ever')}</MenuItem>
              </>
            )}
          </Menu>
          <Menu small={small} label={t('alerts.close')}>
            {(close) =>
              reasons.map((reason) => (
                <MenuItem key={reason} onClick={() => { close(); run('close', { reason }); }}>
                  {t(`alertReason.${reason}`)}
                </MenuItem>
              ))
            }
          </Menu>
          <Menu small={small} label={t('alerts.assign')}>
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
        </>
      )}
      {state !== 'new' && (
        <Button small={small} look="quiet" onClick={() => { run('undo'); }}>
          {t('alerts.undo')}
        </Button>
      )}
      {act.error !== null && <span role="alert">{problemText(act.error)}</span>}
    </>
  );
}
