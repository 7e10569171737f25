// What stands in the matrix: the number of a cell under the chosen measure, and how dark the cell is.
import type { Schemas } from '@/shared/lib/api';

export type Cell = Schemas['MatrixCell'];
export type Access = Schemas['Access'];
/** Volume, conversations, all OT operations, or those of one access class. */
export type Measure = 'bytes' | 'conversations' | 'operations' | Access;

export const accesses = [
  'read', 'write', 'control', 'program', 'config', 'diagnostic', 'identity', 'time', 'session', 'cyclic',
] as const satisfies Access[];
export const measures = ['bytes', 'conversations', 'operations', ...accesses] as const satisfies Measure[];
export const groupings = ['vendor', 'type', 'subnet', 'site', 'device'] as const;

export function valueOf(cell: Pick<Cell, 'bytes' | 'conversations' | 'access'>, measure: Measure): number {
  if (measure === 'bytes') return cell.bytes;
  if (measure === 'conversations') return cell.conversations;
  if (measure === 'operations') return Object.values(cell.access).reduce((sum, count) => sum + count, 0);
  return cell.access[measure] ?? 0;
}

/** From 0 (nothing) to 4 (within a factor of about ten of the largest): what differs a thousandfold must still be seen. */
export function shadeOf(value: number, largest: number): 0 | 1 | 2 | 3 | 4 {
  if (value <= 0) return 0;
  const part = Math.log10(1 + value) / Math.log10(1 + Math.max(value, largest));
  return part > 0.8 ? 4 : part > 0.6 ? 3 : part > 0.4 ? 2 : 1;
}

/** `client,server`: the cell of the URL, its keys safe in it. */
export function cellName(client: string, server: string): string {
  return `${encodeURIComponent(client)},${encodeURIComponent(server)}`;
}

export function readCellName(text: string | undefined): { client: string; server: string } | undefined {
  const [client, server, ...rest] = text?.split(',') ?? [];
  if (client === undefined || server === undefined || rest.length > 0) return undefined;
  try {
    return { client: decodeURIComponent(client), server: decodeURIComponent(server) };
  } catch {
    return undefined;
  }
}
