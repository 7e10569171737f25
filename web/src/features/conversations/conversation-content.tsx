// One conversation in the drawer: its figures in both directions, and the ways on.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatBytes, formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { DeviceLink } from '@/shared/ui/device-name';
import { FactList } from '@/shared/ui/fact-list';
import { Panel } from '@/shared/ui/page';
import { TimeAgo } from '@/shared/ui/time-ago';

export function ConversationContent({ conversation }: { conversation: Schemas['Conversation'] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const organization = useOrganizationId();
  const scope = useScope();
  const { client, server } = conversation;
  const amount = (bytes: number, packets: number) =>
    `${formatBytes(bytes)} (${t('conversations.packets', { count: packets, number: formatCount(packets, locale) })})`;
  return (
    <>
      <Panel title={t('device.summary')}>
        <FactList
          entries={[
            [t('column.client'), <DeviceLink key="client" device={client} />],
            [t('column.server'), <DeviceLink key="server" device={server} />],
            [t('network.protocol'), words.protocol(conversation.protocol)],
            [t('column.port'), words.transport(conversation.transport, conversation.port)],
            [t('network.up'), amount(conversation.bytes_up, conversation.packets_up)],
            [t('network.down'), amount(conversation.bytes_down, conversation.packets_down)],
            [t('column.flows'), formatCount(conversation.flows, locale)],
            [t('column.sensor'), `${conversation.site.name} / ${conversation.sensor.name}`],
            [t('column.firstSeen'), <TimeAgo key="first" time={conversation.first_seen} />],
            [t('column.lastSeen'), <TimeAgo key="last" time={conversation.last_seen} />],
          ]}
        />
      </Panel>
      {client.id !== null && server.id !== null && (
        <ul className="links">
          <li>
            <Link to="/o/$organization/network" params={{ organization }} search={{ ...scope, view: 'table', edge: `${client.id}>${server.id}` }}>
              {t('conversations.allOfPair')}
            </Link>
          </li>
          <li>
            <Link to="/o/$organization/operations" params={{ organization }} search={{ ...scope, filter: { client: [client.id], server: [server.id] } }}>
              {t('conversations.operationsOfPair')}
            </Link>
          </li>
        </ul>
      )}
    </>
  );
}
