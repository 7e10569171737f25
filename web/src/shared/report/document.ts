// A report as sentences, tables and charts, before anything is drawn: what the .pptx and the print view have in common.
import type { Severity } from './view-model';

export const sectionNames = [
  'summary',
  'coverage',
  'devices',
  'network',
  'unregistered',
  'outside',
  'support',
  'insecure',
  'writers',
  'advisories',
  'alerts',
  'quality',
  'actions',
  'ledger',
] as const;
export type SectionName = (typeof sectionNames)[number];

export type Cell = string | { text: string; severity: Severity };

export interface Column {
  header: string;
  /** The share of the width. */
  width: number;
  isNumber?: boolean;
}

export interface Table {
  kind: 'table';
  title?: string;
  columns: Column[];
  rows: Cell[][];
}

/** Horizontal bars, the longest first. */
export interface Bars {
  kind: 'bars';
  title: string;
  bars: { label: string; value: number; severity?: Severity }[];
}

/** Stacked columns over time. */
export interface Columns {
  kind: 'columns';
  title: string;
  labels: string[];
  series: { name: string; values: number[] }[];
}

export interface ScoreBlock {
  kind: 'score';
  value: number;
  grade: string;
  label: string;
}

/** One device, or many alike, in the network picture; columns from the outside to the field. */
export interface Node {
  id: string;
  label: string;
  detail: string;
  column: number;
  severity?: Severity;
}

export interface Picture {
  kind: 'picture';
  columns: string[];
  nodes: Node[];
  edges: { from: string; to: string; bytes: number }[];
}

export type Block = Table | Bars | Columns | ScoreBlock | Picture;

export interface Section {
  name: SectionName;
  heading: string;
  /** One sentence: what the reader takes away. */
  title: string;
  says: string[];
  /** Drawn side by side on the first page. */
  figures: Block[];
  tables: Table[];
  action: string;
}

