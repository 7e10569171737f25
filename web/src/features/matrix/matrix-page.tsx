// Who talks to whom as a table of devices, or groups of them, by devices or groups.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { useLocale } from '@/shared/lib/i18n';
import { useBounds, useScope } from '@/shared/lib/scope';
import { stringifySearch } from '@/shared/lib/search';
import { useOrganizationId } from '@/shared/lib/session';
import { useSearchChange } from '@/shared/lib/use-search-change';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Drawer } from '@/shared/ui/drawer';
import { Menu, MenuItem } from '@/shared/ui/menu';
import { Page } from '@/shared/ui/page';
import { Empty, Failure, Skeleton } from '@/shared/ui/state-frame';

import { CellContent } from './cell-content';
import { accesses, groupings, readCellName } from './matrix';
import { MatrixTable } from './matrix-table';
import style from './matrix.module.css';

export function MatrixPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const { site, sensor } = useScope();
  const range = useBounds();
  const search = useSearch({ from: '/o/$organization/matrix' });
  const set = useSearchChange();
  const by = search.by ?? 'vendor';
  const measure = search.show ?? 'bytes';
  const query = { site, sensor, ...range, by };
  const matrix = useQuery({
    queryKey: ['network', organization, 'matrix', query],
    queryFn: ({ signal }) => api.get('/api/v1/organizations/{organization}/matrix', { path: { organization }, query, signal }),
    placeholderData: keepPreviousData,
  });
  const lineName = (line: Pick<Schemas['MatrixLine'], 'key' | 'name'>) => {
    if (line.name !== null) return line.name;
    if (line.key === '') return t(`matrix.unknown.${by}`);
    return by === 'type' ? words.type(line.key) : line.key;
  };
  const cell = readCellName(search.cell);
  const nameOf = (key: string) => lineName(matrix.data?.lines.find((line) => line.key === key) ?? { key, name: null });
  const exported = (format: string) =>
    `/api/v1/organizations/${organization}/matrix/export${stringifySearch({ ...query, format, locale, value: measure })}`;

  return (
    <Page title={t('nav.matrix')} about={t('matrix.about')} fill>
      <div className={style['controls']}>
        <label className={style['choice']}>
          <span>{t('matrix.lines')}</span>
          <select value={by} onChange={(event) => { set({ by: event.target.value, cell: undefined }); }}>
            {groupings.map((one) => (
              <option key={one} value={one}>{t(`matrix.by.${one}`)}</option>
            ))}
          </select>
        </label>
        <label className={style['choice']}>
          <span>{t('matrix.show')}</span>
          <select value={measure} onChange={(event) => { set({ show: event.target.value }); }}>
            <option value="bytes">{t('matrix.measure.bytes')}</option>
            <option value="conversations">{t('matrix.measure.conversations')}</option>
            <option value="operations">{t('matrix.measure.operations')}</option>
            <optgroup label={t('matrix.ofClass')}>
              {accesses.map((access) => (
                <option key={access} value={access}>{words.access(access)}</option>
              ))}
            </optgroup>
          </select>
        </label>
        {matrix.data !== undefined && matrix.data.lines_total > matrix.data.lines.length && (
          <span className="muted">{t('matrix.truncated', { shown: matrix.data.lines.length, all: matrix.data.lines_total })}</span>
        )}
        <span className={style['space']} />
        <Menu label={t('list.export')} icon={<Download size={16} aria-hidden />} align="end">
          {(close) =>
            (['xlsx', 'csv'] as const).map((format) => (
              <MenuItem key={format} onClick={() => { close(); location.assign(exported(format)); }}>
                {t(`list.${format}`)}
              </MenuItem>
            ))
          }
        </Menu>
      </div>
      {matrix.data !== undefined ? (
        matrix.data.lines.length === 0 ? (
          <Empty title={t('network.empty')}>{t('network.emptyNext')}</Empty>
        ) : (
          <MatrixTable
            matrix={matrix.data}
            measure={measure}
            lineName={lineName}
            selected={search.cell}
            onCell={(name) => { set({ cell: name }); }}
          />
        )
      ) : matrix.isError ? (
        <Failure error={matrix.error} />
      ) : (
        <Skeleton rows={8} />
      )}
      {cell !== undefined && (
        <Drawer
          key={search.cell}
          title={<>{nameOf(cell.client)} → {nameOf(cell.server)}</>}
          onClose={() => { set({ cell: undefined }); }}
        >
          <CellContent by={by} client={cell.client} server={cell.server} />
        </Drawer>
      )}
    </Page>
  );
}
