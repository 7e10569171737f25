// Naming a device and setting its type by hand; what a person set wins over what was observed and can be given back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { SelectField, TextField } from '@/shared/ui/field';
import { useProblemText } from '@/shared/ui/state-frame';

import { choosableTypes } from './choosable-types';
import style from './devices.module.css';

export function DeviceEdit({ device, onDone }: { device: Schemas['DeviceDetail']; onDone: () => void }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const words = useVocabulary();
  const problemText = useProblemText();
  const [name, setName] = useState(device.name_source === 'person' ? device.name : '');
  const [type, setType] = useState(device.type_source === 'person' ? (device.type ?? '') : '');

  const save = useMutation({
    mutationFn: () =>
      api.patch('/api/v1/organizations/{organization}/devices/{device}', {
        path: { organization, device: device.id },
        body: { name: name.trim() === '' ? null : name.trim(), type: type === '' ? null : type },
      }),
    onSuccess: async (changed) => {
      client.setQueryData(['device', organization, device.id], changed);
      await client.invalidateQueries({ queryKey: ['devices'] });
      onDone();
    },
  });

  return (
    <form
      className={style['edit']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField
        label={t('column.name')}
        value={name}
        maxLength={200}
        placeholder={device.name_source === 'person' ? '' : device.name}
        hint={t('device.nameHint')}
        autoFocus
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      <SelectField
        label={t('column.type')}
        value={type}
        onChange={(event) => {
          setType(event.target.value);
        }}
      >
        <option value="">{t('device.typeObserved')}</option>
        {choosableTypes.map((one) => (
          <option key={one} value={one}>
            {words.type(one)}
          </option>
        ))}
      </SelectField>
      {save.isError && <p role="alert">{problemText(save.error)}</p>}
      <div className={style['buttons']}>
        <Button type="submit" look="primary" disabled={save.isPending}>
          {t('common.save')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}
