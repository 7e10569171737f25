// Filters of a list: a menu of fields and their values, and the chips of what is chosen (same field: or; different: and).
import { useQuery } from '@tanstack/react-query';
import { Ban, Check, ListFilter, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { changeFilter, decodeValue } from '@/shared/lib/list-search';
import type { SearchMap } from '@/shared/lib/search';
import { Button } from '@/shared/ui/button';
import { Menu, MenuItem, MenuTitle } from '@/shared/ui/menu';
import { Loaded } from '@/shared/ui/state-frame';

import style from './list-view.module.css';
import type { ListDefinition, ListField, ListQuery } from './list-types';

interface FilterBarProps<T> {
  definition: ListDefinition<T>;
  filter: SearchMap | undefined;
  /** The list's query without its filters, so that every value can be counted. */
  query: ListQuery;
  onChange: (filter: SearchMap | undefined) => void;
}

export function FilterMenu<T>({ definition, filter, query, onChange }: FilterBarProps<T>) {
  const { t } = useTranslation();
  const [field, setField] = useState<ListField>();
  return (
    <Menu label={t('list.filter')} icon={<ListFilter size={16} aria-hidden />}>
      {() =>
        field === undefined ? (
          <>
            <MenuTitle>{t('list.filterBy')}</MenuTitle>
            {definition.fields
              .filter((one) => one.isFilter !== false && one.isHidden !== true)
              .map((one) => (
                <MenuItem
                  key={one.field}
                  icon={<Plus size={14} aria-hidden />}
                  onClick={() => {
                    setField(one);
                  }}
                >
                  {one.label}
                </MenuItem>
              ))}
          </>
        ) : (
          <Values
            definition={definition}
            field={field}
            filter={filter}
            query={query}
            onChange={onChange}
            onBack={() => {
              setField(undefined);
            }}
          />
        )
      }
    </Menu>
  );
}

interface Value {
  value: string | null;
  name: string | null;
  /** Rows with this value, where the API counts them. */
  count?: number;
}

interface ValuesProps<T> extends FilterBarProps<T> {
  field: ListField;
  onBack: () => void;
}

function Values<T>({ definition, field, filter, query, onChange, onBack }: ValuesProps<T>) {
  const { t } = useTranslation();
  const groups = useQuery({
    queryKey: [definition.name, 'values', field.field, query],
    queryFn: async ({ signal }): Promise<Value[]> =>
      field.values === undefined
        ? (await definition.readGroups({ ...query, by: field.field }, signal)).items
        : field.values.map((value) => ({ value, name: null })),
  });
  const chosen = new Map((filter?.[field.field] ?? []).map((one) => [decodeValue(one).value, decodeValue(one).isExcluded]));
  const change = (value: string, how: 'include' | 'exclude') => {
    const isExcluded = chosen.get(value);
    const isSame = isExcluded !== undefined && isExcluded === (how === 'exclude');
    onChange(changeFilter(filter, field.field, value, isSame ? 'remove' : how));
  };
  return (
    <>
      <div className={style['valuesHead']}>
        <Button look="quiet" small onClick={onBack} data-autofocus>
          ← {field.label}
        </Button>
      </div>
      <Loaded query={groups}>
        {(items) => (
          <ul>
            {items.map((group) => {
              const value = group.value ?? '';
              const text = field.textOf(group.value, group.name);
              return (
                <li key={value} className={style['value']}>
                  <button
                    type="button"
                    aria-pressed={chosen.get(value) === false}
                    onClick={() => {
                      change(value, 'include');
                    }}
                  >
                    <Check size={14} aria-hidden />
                    <span>{text}</span>
                    <span className="muted number">{group.count}</span>
                  </button>
                  <button
                    type="button"
                    aria-pressed={chosen.get(value) === true}
                    aria-label={t('list.exclude', { value: text })}
                    title={t('list.exclude', { value: text })}
                    onClick={() => {
                      change(value, 'exclude');
                    }}
                  >
                    <Ban size={14} aria-hidden />
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </>
  );
}

interface FilterChipsProps<T> {
  definition: ListDefinition<T>;
  filter: SearchMap;
  onChange: (filter: SearchMap | undefined) => void;
}

export function FilterChips<T>({ definition, filter, onChange }: FilterChipsProps<T>) {
  const { t } = useTranslation();
  return (
    <ul className={style['chips']} aria-label={t('list.filters')}>
      {Object.entries(filter).flatMap(([name, values]) => {
        const field = definition.fields.find((one) => one.field === name);
        if (field === undefined) return [];
        return values.map((one) => {
          const { value, isExcluded } = decodeValue(one);
          const text = field.textOf(value === '' ? null : value, null);
          return (
            <li key={`${name} ${one}`} className={style['chip']}>
              <button
                type="button"
                title={t('list.turnRound')}
                onClick={() => {
                  onChange(changeFilter(filter, name, value, isExcluded ? 'include' : 'exclude'));
                }}
              >
                {isExcluded ? t('list.isNot', { field: field.label, value: text }) : t('list.is', { field: field.label, value: text })}
              </button>
              <button
                type="button"
                aria-label={t('list.removeFilter', { field: field.label, value: text })}
                onClick={() => {
                  onChange(changeFilter(filter, name, value, 'remove'));
                }}
              >
                <X size={14} aria-hidden />
              </button>
            </li>
          );
        });
      })}
      <li>
        <Button
          look="quiet"
          small
          onClick={() => {
            onChange(undefined);
          }}
        >
          {t('list.clearFilters')}
        </Button>
      </li>
    </ul>
  );
}
