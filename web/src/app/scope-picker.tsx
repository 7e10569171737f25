// Chooses what every page is about: an organization, one of its sites, one of that site's sensors.
import { useNavigate } from '@tanstack/react-router';
import { Building2, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useScope, useSensors, useSetScope, useSites } from '@/shared/lib/scope';
import { useOrganizationId, useSession } from '@/shared/lib/session';
import { SelectField } from '@/shared/ui/field';
import { Menu } from '@/shared/ui/menu';

import style from './frame.module.css';
import part from './pickers.module.css';

export function ScopePicker() {
  const { t } = useTranslation();
  const { organizations } = useSession();
  const organization = useOrganizationId();
  const scope = useScope();
  const setScope = useSetScope();
  const navigate = useNavigate();
  const sites = useSites() ?? [];
  const sensors = useSensors() ?? [];

  const site = sites.find((one) => one.id === scope.site);
  const sensor = sensors.find((one) => one.id === scope.sensor);
  const current = organizations.find((one) => one.id === organization);
  const label = sensor?.name ?? site?.name ?? current?.name ?? '';

  return (
    <Menu
      icon={<Building2 size={16} aria-hidden />}
      name={t('scope.label', { name: label })}
      label={
        <>
          <span className={style['scopeLabel']}>{label}</span>
          <ChevronDown size={14} aria-hidden />
        </>
      }
    >
      {() => (
        <div className={part['form']}>
          <SelectField
            label={t('scope.organization')}
            value={organization}
            onChange={(event) => {
              void navigate({ to: '/o/$organization/home', params: { organization: event.target.value } });
            }}
          >
            {organizations.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('scope.site')}
            value={scope.site ?? ''}
            onChange={(event) => {
              setScope({ site: event.target.value === '' ? undefined : event.target.value, sensor: undefined });
            }}
          >
            <option value="">{t('scope.allSites')}</option>
            {sites.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('scope.sensor')}
            value={scope.sensor ?? ''}
            onChange={(event) => {
              const chosen = sensors.find((one) => one.id === event.target.value);
              setScope(chosen === undefined ? { sensor: undefined } : { sensor: chosen.id, site: chosen.site.id });
            }}
          >
            <option value="">{t('scope.allSensors')}</option>
            {sensors
              .filter((one) => scope.site === undefined || one.site.id === scope.site)
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
          </SelectField>
        </div>
      )}
    </Menu>
  );
}
