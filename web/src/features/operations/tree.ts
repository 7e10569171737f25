// The tree protocol > server > function: which sums it needs and in which order they stand.
import type { Schemas } from '@/shared/lib/api';
import type { ListQuery } from '@/shared/ui/list/list-types';

import { partOf, type Field, type Part, type Sum } from './sums';

export interface TreeNode {
  /** Also its name in the URL while it is open. */
  key: string;
  level: 1 | 2 | 3;
  sum: Sum;
  part: Part;
}

/** A device by its id, anything else by its address: no id begins with a minus. */
function keyOfServer(server: Schemas['DeviceRef'] | null): string {
  return server?.id ?? `-${server?.ip ?? server?.mac ?? ''}`;
}

/** What an open node asks for. */
export function sumsOf(key: string, query: ListQuery): { query: ListQuery; by: Field[] } {
  const [protocol = '', server] = key.split('~');
  const narrowed = { ...query, 'filter.protocol': [protocol] };
  if (server === undefined) return { query: narrowed, by: ['server'] };
  // Without an id there is nothing to filter by: all servers are asked for and the others left out.
  if (server.startsWith('-')) return { query: narrowed, by: ['server', 'function', 'access'] };
  return { query: { ...narrowed, 'filter.server': [server] }, by: ['function', 'access'] };
}

/** What is shown of the tree, from top to bottom; `under` has the sums of open nodes that have arrived. */
export function nodesOf(protocols: Sum[], under: Map<string, Sum[]>): TreeNode[] {
  return protocols.flatMap((protocol) => {
    const key = protocol.protocol ?? '';
    const part = partOf(undefined, 'protocol', key);
    const servers = (under.get(key) ?? []).flatMap((server): TreeNode[] => {
      const at = keyOfServer(server.server);
      const serverKey = `${key}~${at}`;
      const serverPart = server.server === null ? part : partOf(part, 'server', server.server);
      const functions = (under.get(serverKey) ?? [])
        .filter((one) => one.server === null || keyOfServer(one.server) === at)
        .map(
          (one): TreeNode => ({
            key: `${serverKey}~${one.function ?? ''}~${one.access ?? ''}`,
            level: 3,
            sum: one,
            part: partOf(partOf(serverPart, 'function', one.function ?? ''), 'access', one.access ?? 'none'),
          }),
        );
      return [{ key: serverKey, level: 2, sum: server, part: serverPart }, ...functions];
    });
    return [{ key, level: 1, sum: protocol, part }, ...servers];
  });
}
