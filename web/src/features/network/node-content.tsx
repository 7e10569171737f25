// A device or a folded group of the map in the drawer: what it is and whom it talks to.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatBytes } from '@/shared/lib/format';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { Button } from '@/shared/ui/button';
import { DeviceIcon } from '@/shared/ui/device-name';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';

import type { Graph, GraphNode } from './graph';
import style from './network.module.css';

interface NodeContentProps {
  node: GraphNode;
  graph: Graph;
  onEdge: (id: string) => void;
}

export function NodeContent({ node, graph, onEdge }: NodeContentProps) {
  const { t } = useTranslation();
  const words = useVocabulary();
  const names = new Map(graph.nodes.map((one) => [one.id, one.label]));
  const edges = graph.edges
    .filter((edge) => edge.client === node.id || edge.server === node.id)
    .sort((a, b) => b.bytes - a.bytes);
  return (
    <div className={style['content']}>
      <p className={style['what']}>
        <DeviceIcon type={node.type} /> {words.type(node.type)}
        {node.address !== null && <span className="mono muted">{node.address}</span>}
        <span className="muted">{formatBytes(node.bytes)}</span>
      </p>
      <Panel title={t('device.peers')} flush>
        <SimpleTable
          caption={t('device.peers')}
          rows={edges}
          keyOf={(edge) => edge.id}
          columns={[
            {
              id: 'peer',
              header: t('device.peer'),
              render: (edge) => (
                <button type="button" className={style['asLink']} onClick={() => { onEdge(edge.id); }}>
                  {edge.client === node.id ? '→ ' : '← '}
                  {names.get(edge.client === node.id ? edge.server : edge.client)}
                </button>
              ),
            },
            { id: 'protocols', header: t('network.protocol'), render: (edge) => edge.protocols.map(words.protocol).join(', ') || '–' },
            { id: 'bytes', header: t('column.bytes'), numeric: true, render: (edge) => formatBytes(edge.bytes) },
          ]}
        />
      </Panel>
    </div>
  );
}

interface GroupContentProps {
  node: GraphNode;
  members: Schemas['NetworkNode'][];
  onOpen: () => void;
}

export function GroupContent({ node, members, onOpen }: GroupContentProps) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  return (
    <div className={style['content']}>
      <div>
        <Button look="primary" onClick={onOpen}>
          {t('network.openGroup', { count: node.count })}
        </Button>
      </div>
      <Panel title={t('nav.devices')} flush>
        <SimpleTable
          caption={t('nav.devices')}
          rows={members}
          keyOf={(member) => member.id}
          columns={[
            {
              id: 'name',
              header: t('column.name'),
              render: (member) => (
                <Link to="/o/$organization/devices/$device" params={{ organization, device: member.id }} search={scope}>
                  {member.name}
                </Link>
              ),
            },
            { id: 'ip', header: 'IP', render: (member) => <span className="mono">{member.ip ?? '–'}</span> },
            { id: 'bytes', header: t('column.bytes'), numeric: true, render: (member) => formatBytes(member.bytes) },
          ]}
        />
      </Panel>
    </div>
  );
}
