// The operations of the page's filters over time, told apart as the reader likes.
import { useTranslation } from 'react-i18next';

import { useSearchChange } from '@/shared/lib/use-search-change';
import { OperationHours, operationSplits, type OperationSplit } from '@/shared/ui/operation-hours';
import { Panel } from '@/shared/ui/page';
import { Tabs } from '@/shared/ui/tabs';

import type { ViewProps } from './views';

export function OperationHoursView({ query, by }: Pick<ViewProps, 'query'> & { by: OperationSplit }) {
  const { t } = useTranslation();
  const change = useSearchChange();
  return (
    <Panel
      title={t('operations.perHour')}
      actions={
        <Tabs
          label={t('traffic.split')}
          value={by}
          choices={operationSplits.map((one) => ({ value: one, label: t(`operations.split.${one}`) }))}
          onChange={(one) => {
            change({ by: one === 'access' ? undefined : one }, 'replace');
          }}
        />
      }
    >
      <OperationHours filters={query} by={by} />
    </Panel>
  );
}
