// What changed, one line each: the devices lead to their pages, conversations and operations to their lists.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { AccessBadge } from '@/shared/ui/access-badge';
import { DeviceLink } from '@/shared/ui/device-name';
import { SimpleTable, type SimpleColumn } from '@/shared/ui/simple-table';

import style from './difference.module.css';

type Item = Schemas['DifferenceItem'];
type Kind = Schemas['Difference']['kind'];

/** A filter of a list for one side; none for a side that is no device. */
function sideFilter(field: 'client' | 'server', side: Item['device']): Record<string, string[]> {
  return side === null || side.id === null ? {} : { [field]: [side.id] };
}

interface ChangeTableProps {
  kind: Kind;
  change: Item['change'];
  items: Item[];
}

export function ChangeTable({ kind, change, items }: ChangeTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const scope = useScope();

  const device = (side: Item['device']) => (side === null ? '–' : <DeviceLink device={side} />);
  const service = (item: Item) => {
    const text = (
      <>
        {words.protocol(item.protocol)}{' '}
        <small className="muted nowrap">{words.transport(item.transport ?? '', item.port ?? 0)}</small>
      </>
    );
    const filter = {
      ...sideFilter('client', item.client),
      ...sideFilter('server', item.server ?? item.device),
      port: [String(item.port ?? 0)],
    };
    return (
      <Link to="/o/$organization/conversations" params={{ organization }} search={{ ...scope, filter }}>
        {text}
      </Link>
    );
  };
  const operation = (item: Item) => {
    const filter = {
      ...sideFilter('client', item.client),
      ...sideFilter('server', item.server),
      function: [item.function ?? ''],
    };
    return (
      <span className={style['operation']}>
        {item.access !== null && <AccessBadge access={item.access} />}
        <Link to="/o/$organization/operations" params={{ organization }} search={{ ...scope, filter }}>
          {words.functionName(item.function ?? '')}
        </Link>
        <small className="muted">{words.protocol(item.protocol)} {words.target(item.target)}</small>
      </span>
    );
  };

  const who: SimpleColumn<Item>[] =
    kind === 'conversations' || kind === 'operations'
      ? [
          { id: 'client', header: t('column.client'), render: (item) => device(item.client) },
          { id: 'server', header: t('column.server'), render: (item) => device(item.server) },
        ]
      : [{ id: 'device', header: t('nav.device'), render: (item) => device(item.device) }];
  const what: SimpleColumn<Item>[] =
    kind === 'conversations' || kind === 'services'
      ? [{ id: 'service', header: t('device.service'), render: service }]
      : kind === 'operations'
        ? [{ id: 'operation', header: t('operation.function'), render: operation }]
        : kind === 'attributes'
          ? [{ id: 'attribute', header: t('difference.attribute'), render: (item) => words.attribute(item.attribute ?? '') }]
          : [];
  const number = (value: number | null) => {
    if (value === null || value === 0) return '–';
    return kind === 'operations' ? t('difference.times', { count: value, number: formatCount(value, locale) }) : formatBytes(value);
  };
  const isText = kind === 'attributes';
  const measured = (id: 'before' | 'after'): SimpleColumn<Item> => ({
    id,
    header: t(`difference.${id}Column`),
    numeric: !isText,
    render: (item) => (isText ? (item[`value_${id}`] ?? '–') : number(item[id])),
  });
  const values = [...(change === 'new' ? [] : [measured('before')]), ...(change === 'gone' ? [] : [measured('after')])];
  const first: SimpleColumn<Item>[] =
    change === 'new' && (kind === 'devices' || kind === 'operations')
      ? [{ id: 'first', header: t('difference.known'), render: (item) => (item.is_first === true ? t('difference.never') : t('difference.earlier')) }]
      : [];
  return (
    <SimpleTable
      caption={t(`difference.kind.${kind}`)}
      rows={items}
      keyOf={(item) =>
        [item.device?.id ?? item.device?.name, item.client?.id ?? item.client?.name, item.server?.id ?? item.server?.name, item.transport, item.port,
          item.protocol, item.function, item.code, item.access, item.target, item.attribute, item.value_before, item.value_after].join(' ')}
      columns={[...who, ...what, ...values, ...first]}
    />
  );
}
