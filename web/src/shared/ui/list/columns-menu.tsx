// Which columns a list shows, and in which order.
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Button } from '@/shared/ui/button';
import { Menu } from '@/shared/ui/menu';

import style from './list-view.module.css';
import type { ListColumn } from './list-types';

interface ColumnsMenuProps<T> {
  all: ListColumn<T>[];
  shown: string[];
  onChange: (columns: string[] | undefined) => void;
}

export function ColumnsMenu<T>({ all, shown, onChange }: ColumnsMenuProps<T>) {
  const { t } = useTranslation();
  const chosen = shown.flatMap((id) => all.filter((one) => one.id === id));
  const others = all.filter((one) => !shown.includes(one.id));
  const move = (from: number, to: number) => {
    const order = [...shown];
    const [id] = order.splice(from, 1);
    if (id !== undefined) order.splice(to, 0, id);
    onChange(order);
  };
  return (
    <Menu label={t('list.columns')} icon={<Columns3 size={16} aria-hidden />} align="end">
      {() => (
        <>
          <ul>
            {[...chosen, ...others].map((column) => {
              const at = shown.indexOf(column.id);
              return (
                <li key={column.id} className={style['column']}>
                  <label>
                    <input
                      type="checkbox"
                      checked={at >= 0}
                      disabled={at >= 0 && shown.length === 1}
                      onChange={() => {
                        onChange(at >= 0 ? shown.filter((id) => id !== column.id) : [...shown, column.id]);
                      }}
                    />
                    {column.label}
                  </label>
                  {at >= 0 && (
                    <>
                      <Button
                        look="quiet"
                        small
                        disabled={at === 0}
                        icon={<ArrowUp size={14} aria-hidden />}
                        aria-label={t('list.moveUp', { column: column.label })}
                        onClick={() => {
                          move(at, at - 1);
                        }}
                      />
                      <Button
                        look="quiet"
                        small
                        disabled={at === shown.length - 1}
                        icon={<ArrowDown size={14} aria-hidden />}
                        aria-label={t('list.moveDown', { column: column.label })}
                        onClick={() => {
                          move(at, at + 1);
                        }}
                      />
                    </>
                  )}
                </li>
              );
            })}
          </ul>
          <Button
            look="quiet"
            small
            onClick={() => {
              onChange(undefined);
            }}
          >
            {t('list.defaultColumns')}
          </Button>
        </>
      )}
    </Menu>
  );
}
