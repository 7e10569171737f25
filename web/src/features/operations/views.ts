// The ways of reading the same operations.
import type { ReactNode } from 'react';

import type { ListQuery } from '@/shared/ui/list/list-types';

export const operationViews = ['list', 'tree', 'changes', 'hours'] as const;
export type OperationView = (typeof operationViews)[number];

export interface ViewProps {
  /** Scope, search and filters as the API takes them. */
  query: ListQuery;
  seen: 'range' | 'new' | undefined;
  /** Shown where nothing is left. */
  empty: ReactNode;
}
