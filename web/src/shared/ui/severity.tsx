// How grave something is, readable without colour: each severity has a shape of its own, and its word.
import { Circle, Diamond, Dot, OctagonAlert, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/shared/lib/api';

import style from './severity.module.css';

export type SeverityName = Schemas['Severity'];

const icons = { critical: OctagonAlert, high: TriangleAlert, medium: Diamond, low: Circle, info: Dot };

export function Severity({ severity, short = false }: { severity: SeverityName; short?: boolean }) {
  const { t } = useTranslation();
  const Icon = icons[severity];
  const word = t(`severity.${severity}`);
  return (
    <span className={`${style['severity'] ?? ''} ${style[severity] ?? ''}`} title={word}>
      <Icon size={16} aria-hidden />
      <span className={short ? 'unseen' : undefined}>{word}</span>
    </span>
  );
}
