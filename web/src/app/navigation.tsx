// The left navigation: one entry for each group of pages, with words and icons.
import { Link, useRouterState } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  Bell,
  CalendarClock,
  ChartArea,
  ChevronsLeft,
  ChevronsRight,
  ClipboardList,
  Diff,
  Factory,
  FileText,
  Grid3x3,
  House,
  Link2,
  MonitorSmartphone,
  RadioTower,
  Scale,
  Settings,
  Share2,
  ShieldAlert,
  SlidersHorizontal,
} from 'lucide-react';
import { useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

import { useScope } from '@/shared/lib/scope';
import { useOrganizationId } from '@/shared/lib/session';

import style from './frame.module.css';

type PageName = 'home' | 'devices' | 'network' | 'matrix' | 'difference' | 'conversations' | 'operations' | 'traffic' | 'alerts' | 'incidents' | 'planned-work' | 'learning' | 'ledger' | 'weaknesses' | 'reports' | 'sites' | 'sensors' | 'settings';
type Label = `nav.${Exclude<PageName, 'planned-work'> | 'plannedWork'}`;
type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;

export interface Entry {
  page: PageName;
  Icon: Icon;
  label: Label | 'nav.devicesGroup' | 'nav.networkGroup' | 'nav.alertsGroup' | 'nav.sitesAndSensors';
  /** Pages of the group; the collapsed navigation shows their icons in place of the group's. */
  sub?: { page: PageName; Icon: Icon; label: Label }[];
}

export const navigationEntries: Entry[] = [
  { page: 'home', Icon: House, label: 'nav.home' },
  {
    page: 'devices',
    Icon: MonitorSmartphone,
    label: 'nav.devicesGroup',
    sub: [
      { page: 'devices', Icon: MonitorSmartphone, label: 'nav.devices' },
      { page: 'ledger', Icon: ClipboardList, label: 'nav.ledger' },
    ],
  },
  {
    page: 'network',
    Icon: Share2,
    label: 'nav.networkGroup',
    sub: [
      { page: 'network', Icon: Share2, label: 'nav.network' },
      { page: 'matrix', Icon: Grid3x3, label: 'nav.matrix' },
      { page: 'operations', Icon: SlidersHorizontal, label: 'nav.operations' },
      { page: 'conversations', Icon: ArrowLeftRight, label: 'nav.conversations' },
      { page: 'traffic', Icon: ChartArea, label: 'nav.traffic' },
      { page: 'difference', Icon: Diff, label: 'nav.difference' },
    ],
  },
  {
    page: 'alerts',
    Icon: Bell,
    label: 'nav.alertsGroup',
    sub: [
      { page: 'alerts', Icon: Bell, label: 'nav.alerts' },
      { page: 'incidents', Icon: Link2, label: 'nav.incidents' },
      { page: 'planned-work', Icon: CalendarClock, label: 'nav.plannedWork' },
      { page: 'learning', Icon: Scale, label: 'nav.learning' },
    ],
  },
  { page: 'weaknesses', Icon: ShieldAlert, label: 'nav.weaknesses' },
  { page: 'reports', Icon: FileText, label: 'nav.reports' },
  {
    page: 'sites',
    Icon: Factory,
    label: 'nav.sitesAndSensors',
    sub: [
      { page: 'sites', Icon: Factory, label: 'nav.sites' },
      { page: 'sensors', Icon: RadioTower, label: 'nav.sensors' },
    ],
  },
  { page: 'settings', Icon: Settings, label: 'nav.settings' },
];

const key = 'osect.navigation';

export function Navigation({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [isCollapsed, setCollapsed] = useState(localStorage.getItem(key) === 'collapsed');
  const isAt = (page: PageName) => path.startsWith(`/o/${organization}/${page}`);

  return (
    <nav
      aria-label={t('nav.label')}
      className={[style['navigation'], isCollapsed ? style['collapsed'] : '', isOpen ? style['open'] : ''].join(' ')}
    >
      {navigationEntries.map(({ page, Icon, label, sub }) => {
        const isWithin = isAt(page) || (sub?.some((one) => isAt(one.page)) ?? false);
        return (
          <div key={page}>
            <Link
              data-group={sub !== undefined}
              to={`/o/$organization/${page}`}
              params={{ organization }}
              search={scope}
              title={isCollapsed ? t(label) : undefined}
              aria-current={isWithin && sub === undefined ? 'page' : undefined}
              className={`${style['link'] ?? ''} ${isWithin && (sub === undefined || isCollapsed) ? (style['current'] ?? '') : ''}`}
            >
              <Icon size={18} aria-hidden />
              <span className={style['word']}>{t(label)}</span>
              {isCollapsed && <span className="unseen">{t(label)}</span>}
            </Link>
            {sub?.map((one) => (
              <Link
                key={one.page}
                to={`/o/$organization/${one.page}`}
                params={{ organization }}
                search={scope}
                aria-current={isAt(one.page) ? 'page' : undefined}
                title={isCollapsed ? t(one.label) : undefined}
                className={`${style['link'] ?? ''} ${style['sub'] ?? ''} ${isAt(one.page) ? (style['current'] ?? '') : ''}`}
              >
                <one.Icon size={18} aria-hidden />
                <span className={style['word']}>{t(one.label)}</span>
                {isCollapsed && <span className="unseen">{t(one.label)}</span>}
              </Link>
            ))}
          </div>
        );
      })}
      <button
        type="button"
        className={`${style['link'] ?? ''} ${style['collapse'] ?? ''}`}
        aria-label={isCollapsed ? t('nav.expand') : undefined}
        onClick={() => {
          localStorage.setItem(key, isCollapsed ? 'open' : 'collapsed');
          setCollapsed(!isCollapsed);
        }}
      >
        {isCollapsed ? <ChevronsRight size={18} aria-hidden /> : <ChevronsLeft size={18} aria-hidden />}
        <span className={style['word']}>{t('nav.collapse')}</span>
      </button>
    </nav>
  );
}
