// The access class of an operation; what changes the plant (write, control, program) stands out by weight, not by colour.
import type { Schemas } from '@/shared/lib/api';
import { useVocabulary } from '@/shared/lib/vocabulary';

import style from './access-badge.module.css';

const strong: Schemas['Access'][] = ['write', 'control', 'program', 'config'];

export function AccessBadge({ access }: { access: Schemas['Access'] }) {
  const words = useVocabulary();
  return (
    <span className={`${style['badge'] ?? ''} ${strong.includes(access) ? (style['strong'] ?? '') : ''}`}>
      {words.access(access)}
    </span>
  );
}
