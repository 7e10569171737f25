// Why the system says what it says of a device: what a value rests on, what speaks against it, seen how often and when.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';
import { formatCount } from '@/shared/lib/format';
import { useLocale } from '@/shared/lib/i18n';
import { useOrganizationId } from '@/shared/lib/session';
import { useVocabulary } from '@/shared/lib/vocabulary';
import { SimpleTable } from '@/shared/ui/simple-table';
import { TimeAgo } from '@/shared/ui/time-ago';

import { useAttributeValue } from './attribute-value';
import { factsQuery } from './device-queries';
import style from './devices.module.css';

type Attribute = Schemas['DeviceAttribute'];
type Claim = Schemas['DeviceClaim'];
type Fact = Schemas['Fact'];

interface Ground {
  key: string;
  value: string;
  what: string;
  source: string;
  confidence: number;
  fact: Fact | undefined;
}

/** A value's grounds, one line each; a fact brings how often and when it was seen. */
function groundsOf(claim: Claim, value: string, facts: Fact[], words: ReturnType<typeof useGroundWords>): Ground[] {
  return claim.evidence.map((one) => ({
    key: [claim.value, claim.rule, one.attribute, one.value, one.source].join('\n'),
    value,
    what: words(one),
    source: one.source === '' ? claim.source : one.source,
    confidence: claim.confidence,
    fact: facts.find((fact) => fact.attribute === one.attribute && fact.value === one.value && fact.source === one.source),
  }));
}

/** "It serves Modbus", "Model: 6ES7 315" */
function useGroundWords() {
  const { t } = useTranslation();
  const words = useVocabulary();
  return (one: Claim['evidence'][number]): string => {
    switch (one.attribute) {
      case 'serves':
        return t('why.serves', { protocol: words.protocol(one.value) });
      case 'uses':
        return t('why.uses', { protocol: words.protocol(one.value) });
      case 'answers':
        return t('why.answers', { access: words.access(one.value as Schemas['Access']) });
      case 'does':
        return t('why.does', { access: words.access(one.value as Schemas['Access']) });
      case 'is_router':
        return t('why.isRouter');
      case 'is_local':
        return one.value === 'true' ? t('why.isLocal') : t('why.isRemote');
      case 'mac':
        return t('why.mac', { mac: one.value });
      case 'type':
        return t('why.attribute', { attribute: words.attribute('type'), value: words.type(one.value) });
      default:
        return t('why.attribute', { attribute: words.attribute(one.attribute), value: one.value });
    }
  };
}

export function Why({ device, name, attribute }: { device: string; name: string; attribute: Attribute }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useVocabulary();
  const groundWords = useGroundWords();
  const valueOf = useAttributeValue();
  const facts = useQuery(factsQuery(useOrganizationId(), device)).data?.items ?? [];
  const rows = [attribute, ...attribute.others].flatMap((claim) => groundsOf(claim, valueOf(name, claim.value), facts, groundWords));
  return (
    <div className={style['why']}>
      <p>
        {t('why.summary', {
          value: valueOf(name, attribute.value),
          confidence: attribute.confidence,
          source: words.source(attribute.source),
        })}
        {attribute.is_in_conflict && <strong> {t('why.conflict')}</strong>}
      </p>
      <SimpleTable
        caption={t('why.caption', { attribute: words.attribute(name) })}
        rows={rows}
        keyOf={(row) => row.key}
        columns={[
          { id: 'value', header: t('fact.value'), render: (row) => <span className="breakable">{row.value}</span> },
          { id: 'what', header: t('why.ground'), render: (row) => <span className="breakable">{row.what}</span> },
          { id: 'source', header: t('fact.source'), render: (row) => words.source(row.source) },
          { id: 'confidence', header: t('fact.confidence'), numeric: true, render: (row) => `${String(row.confidence)} %` },
          {
            id: 'count',
            header: t('why.frames'),
            numeric: true,
            render: (row) => (row.fact === undefined ? '–' : formatCount(row.fact.count, locale)),
          },
          {
            id: 'first',
            header: t('column.firstSeen'),
            render: (row) => (row.fact === undefined ? '–' : <TimeAgo time={row.fact.first_seen} />),
          },
          {
            id: 'last',
            header: t('column.lastSeen'),
            render: (row) => (row.fact === undefined ? '–' : <TimeAgo time={row.fact.last_seen} />),
          },
        ]}
      />
    </div>
  );
}
