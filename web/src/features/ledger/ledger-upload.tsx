// A file in, what it would do out, and only then the import: sheet, header row and columns can be put right before.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useMay, useOrganizationId } from '@/shared/lib/session';
import { Button } from '@/shared/ui/button';
import { SelectField, TextField } from '@/shared/ui/field';
import { Panel } from '@/shared/ui/page';
import { SimpleTable } from '@/shared/ui/simple-table';
import { Loaded } from '@/shared/ui/state-frame';

import { useLedgerWords } from './ledger-words';
import style from './ledger.module.css';

type Preview = Schemas['LedgerPreview'];

/** What a person has put right; what is not there is found by itself. */
interface Choice {
  sheet?: string;
  header_row?: number;
  fields?: string;
}

export function LedgerUpload({ site, onDone }: { site: string; onDone: () => void }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const [file, setFile] = useState<File>();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  if (!may) return <p className="muted">{t('ledger.none')}</p>;
  return (
    <>
      <Panel title={t('ledger.upload')}>
        <div
          className={`${style['drop'] ?? ''} ${isOver ? (style['over'] ?? '') : ''}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => {
            setOver(false);
          }}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            setFile(event.dataTransfer.files[0]);
          }}
        >
          <p>{file?.name ?? t('ledger.drop')}</p>
          <input
            ref={input}
            type="file"
            hidden
            accept=".xlsx,.csv"
            aria-label={t('ledger.choose')}
            onChange={(event) => {
              setFile(event.target.files?.[0]);
            }}
          />
          <Button
            look={file === undefined ? 'primary' : 'plain'}
            onClick={() => {
              input.current?.click();
            }}
          >
            {t('ledger.choose')}
          </Button>
        </div>
      </Panel>
      {file !== undefined && <FilePreview key={`${file.name} ${String(file.lastModified)}`} site={site} file={file} onDone={onDone} />}
    </>
  );
}

function FilePreview({ site, file, onDone }: { site: string; file: File; onDone: () => void }) {
  const organization = useOrganizationId();
  const client = useQueryClient();
  const [choice, setChoice] = useState<Choice>({});
  const query = { file_name: file.name, ...choice };
  const preview = useQuery({
    queryKey: ['ledger-preview', organization, site, file.name, file.lastModified, choice],
    queryFn: ({ signal }) =>
      api.post('/api/v1/organizations/{organization}/sites/{site}/ledger/preview', { path: { organization, site }, query, file, signal }),
    placeholderData: (before) => before,
    retry: false,
  });
  const take = useMutation({
    mutationFn: () =>
      api.post('/api/v1/organizations/{organization}/sites/{site}/ledger/import', { path: { organization, site }, query, file }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['ledger'] });
      onDone();
    },
  });
  const words = useLedgerWords();
  if (preview.isError)
    return (
      <Panel>
        <p role="alert">{words.failure(preview.error)}</p>
      </Panel>
    );
  return (
    <Loaded query={preview} rows={8}>
      {(found) => <Understood found={found} choice={choice} onChoose={setChoice} take={take} />}
    </Loaded>
  );
}

interface UnderstoodProps {
  found: Preview;
  choice: Choice;
  onChoose: (choice: Choice) => void;
  take: { mutate: () => void; isPending: boolean; isError: boolean; error: unknown };
}

function Understood({ found, choice, onChoose, take }: UnderstoodProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useLedgerWords();
  const { changes } = found;
  const chooseField = (index: number, field: string) => {
    const fields = found.columns.map((column, at) => (at === index ? field : (column.field ?? '')));
    onChoose({ sheet: found.sheet, header_row: found.header_row, fields: fields.join(',') });
  };
  return (
    <>
      <Panel title={t('ledger.mapping')} flush>
        <div className={`${style['choices'] ?? ''} padded`}>
          {found.sheets.length > 1 && (
            <SelectField
              label={t('ledger.sheet')}
              value={found.sheet}
              onChange={(event) => {
                onChoose({ sheet: event.target.value });
              }}
            >
              {found.sheets.map((sheet) => (
                <option key={sheet.name} value={sheet.name}>
                  {sheet.name}
                </option>
              ))}
            </SelectField>
          )}
          <TextField
            label={t('ledger.headerRow')}
            type="number"
            min={1}
            value={choice.header_row ?? found.header_row}
            onChange={(event) => {
              const row = event.target.valueAsNumber;
              if (row >= 1) onChoose({ sheet: found.sheet, header_row: row });
            }}
          />
        </div>
        <SimpleTable
          caption={t('ledger.mapping')}
          rows={found.columns.map((column, index) => ({ ...column, index }))}
          keyOf={(column) => column.column}
          columns={[
            { id: 'column', header: t('ledger.column'), render: (column) => column.column },
            { id: 'header', header: t('ledger.header'), render: (column) => column.header },
            {
              id: 'field',
              header: t('ledger.field'),
              render: (column) => (
                <select
                  aria-label={t('ledger.field')}
                  value={column.field ?? ''}
                  onChange={(event) => {
                    chooseField(column.index, event.target.value);
                  }}
                >
                  <option value="">{t('ledger.keep')}</option>
                  {found.fields.map((field) => (
                    <option key={field} value={field}>
                      {words.field(field)}
                    </option>
                  ))}
                </select>
              ),
            },
            { id: 'examples', header: t('ledger.examples'), render: (column) => column.examples.join(t('common.listSeparator')) },
          ]}
        />
      </Panel>
      <Panel title={t('ledger.rows', { count: found.rows })}>
        <div className={style['sections']}>
          <p>
            {(['matched', 'probable', 'conflict', 'duplicate', 'only_ledger'] as const)
              .map((state) => `${words.state(state)} ${formatCount(found.matches[state], locale)}`)
              .join(t('common.listSeparator'))}
          </p>
          <p>
            {t('ledger.changes')}: {t('ledger.changesText', { ...changes })}
          </p>
          {found.problem_count > 0 && (
            <div>
              <p>{t('ledger.problems', { count: found.problem_count })}</p>
              <ul className={style['list']}>
                {found.problems.map((problem) => (
                  <li key={`${String(problem.row)} ${problem.column}`}>
                    {t('ledger.problemRow', { row: problem.row, column: problem.column, header: problem.header })}: {words.complaint(problem.kind, problem.value)}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {take.isError && <p role="alert">{words.failure(take.error)}</p>}
          <div>
            <Button
              look="primary"
              disabled={take.isPending || found.rows === 0}
              onClick={() => {
                take.mutate();
              }}
            >
              {t('ledger.import')}
            </Button>
          </div>
        </div>
      </Panel>
    </>
  );
}
