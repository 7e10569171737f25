// The map's edges as a table, under the same filters.
import { useTranslation } from 'react-i18next';

import { formatBytes } from '@/shared/lib/format';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Severity } from '@/shared/ui/severity';
import { SimpleTable } from '@/shared/ui/simple-table';

import { graver, type Graph, type GraphNode } from './graph';
import style from './network.module.css';

/** More rows than anyone reads; filters bring the others in. */
const rowsMax = 1000;

interface EdgeTableProps {
  graph: Graph;
  found: ReadonlySet<string> | undefined;
  onEdge: (id: string) => void;
}

export function EdgeTable({ graph, found, onEdge }: EdgeTableProps) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]));
  const edges = graph.edges
    .filter((edge) => found === undefined || found.has(edge.client) || found.has(edge.server))
    .sort((a, b) => b.bytes - a.bytes);
  const name = (node: GraphNode | undefined) => {
    if (node === undefined) return '';
    const text = node.label;
    return node.kind === 'group' ? `${text} (${String(node.count)})` : text;
  };
  return (
    <div className={style['tableFrame']} tabIndex={0} role="region" aria-label={t('network.table')}>
      <SimpleTable
        caption={t('network.table')}
        rows={edges.slice(0, rowsMax)}
        keyOf={(edge) => edge.id}
        columns={[
          {
            id: 'client',
            header: t('column.client'),
            render: (edge) => (
              <button type="button" className={style['asLink']} onClick={() => { onEdge(edge.id); }}>
                {name(nodes.get(edge.client))}
              </button>
            ),
          },
          { id: 'server', header: t('column.server'), render: (edge) => name(nodes.get(edge.server)) },
          { id: 'protocols', header: t('network.protocol'), render: (edge) => edge.protocols.map(words.protocol).join(', ') || t('common.unrecognised') },
          { id: 'ot', header: t('network.hasOperations'), render: (edge) => (edge.isOt ? t('common.yes') : '–') },
          {
            id: 'severity',
            header: t('network.openAlert'),
            render: (edge) => {
              const severity = graver(nodes.get(edge.client)?.severity ?? null, nodes.get(edge.server)?.severity ?? null);
              return severity === null ? '–' : <Severity severity={severity} />;
            },
          },
          { id: 'bytes', header: t('column.bytes'), numeric: true, render: (edge) => formatBytes(edge.bytes) },
        ]}
      />
      {edges.length > rowsMax && <p className="muted padded">{t('common.more', { count: rowsMax })}</p>}
    </div>
  );
}
