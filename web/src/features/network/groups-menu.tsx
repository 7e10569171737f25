// Folds and opens the groups of the map.
import { Boxes } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { SearchChange } from '@/shared/lib/use-search-change';
import { Button } from '@/shared/ui/button';
import { Menu } from '@/shared/ui/menu';

import type { Graph } from './graph';
import style from './network.module.css';

interface GroupsMenuProps {
  graph: Graph;
  onFold: (key: string) => void;
  onSet: SearchChange;
}

export function GroupsMenu({ graph, onFold, onSet }: GroupsMenuProps) {
  const { t } = useTranslation();
  const foldable = graph.groups.filter((group) => group.count > 1);
  const all = (keys: string[]) => (keys.length > 0 ? keys.map(encodeURIComponent).join(',') : undefined);
  const everything = foldable.map((group) => group.key);
  return (
    <Menu label={t('network.groups', { count: graph.groups.length })} icon={<Boxes size={16} aria-hidden />}>
      {() => (
        <>
          <div className={style['groupButtons']}>
            <Button small onClick={() => { onSet({ open: undefined }); }}>
              {t('network.foldAll')}
            </Button>
            <Button small onClick={() => { onSet({ open: all(everything) }); }}>
              {t('network.openAll')}
            </Button>
          </div>
          <ul>
            {foldable.map((group) => (
              <li key={group.key} className={style['groupRow']}>
                <label>
                  <input type="checkbox" checked={!group.isClosed} onChange={() => { onFold(group.key); }} />
                  <span>{group.label}</span>
                </label>
                <span className="muted number">{group.count}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Menu>
  );
}
