// What a list is narrowed by beside its own filters: the scope, and the time range where the reader asks for it.
import type { ScopeSearch } from '@/shared/lib/scope';

import type { ListQuery } from './list-types';

export function seenBase({ site, sensor }: ScopeSearch, seen: string | undefined, bounds: { from: string; to: string }): ListQuery {
  return { site, sensor, ...(seen === 'range' ? bounds : {}), ...(seen === 'new' ? { new_since: bounds.from } : {}) };
}
