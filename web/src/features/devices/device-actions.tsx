// What can be done with several devices at once: copy their addresses, see them on the map, set their type.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Copy, Tag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { useProblemText } from '@/shared/ui/state-frame';
import { useVocabulary } from '@/shared/lib/vocabulary';

import { choosableTypes } from './choosable-types';

export function DeviceActions({ keys, rows }: { keys: string[]; rows: Schemas['Device'][] }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const client = useQueryClient();
  const words = useVocabulary();
  const problemText = useProblemText();
  const mayChange = useMay('operator');
  const [isCopied, setCopied] = useState(false);
  const setType = useMutation({
    mutationFn: async (type: string) => {
      for (const device of keys) {
        await api.patch('/api/v1/organizations/{organization}/devices/{device}', {
          path: { organization, device },
          body: { type },
        });
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['devices'] }),
  });
  return (
    <>
      <Button
        small
        icon={<Copy size={14} aria-hidden />}
        onClick={() => {
          void navigator.clipboard.writeText(rows.flatMap((row) => row.ips).join('\n')).then(() => {
            setCopied(true);
          });
        }}
      >
        {isCopied ? t('common.copied') : t('devices.copyAddresses')}
      </Button>
      {mayChange && (
        <Menu label={t('devices.setType')} icon={<Tag size={14} aria-hidden />} small>
          {(close) =>
            choosableTypes.map((type) => (
              <MenuItem
                key={type}
                onClick={() => {
                  close();
                  setType.mutate(type);
                }}
              >
                {words.type(type)}
              </MenuItem>
            ))
          }
        </Menu>
      )}
      {setType.isError && <span role="alert">{problemText(setType.error)}</span>}
    </>
  );
}
