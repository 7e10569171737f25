// The bar above every page: scope, time range, search, language, theme, account.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Languages, LogOut, Menu as MenuIcon, Moon, Search, Settings, Sun, SunMoon, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { applyLocale, locales, useLocale } from '@/shared/lib/i18n';
import { useScope } from '@/shared/lib/scope';
import { useOrganizationId, useSession, useSessionUpdate } from '@/shared/lib/session';
import { applyTheme, storedTheme, themes, type Theme } from '@/shared/lib/theme';
import { Button } from '@/shared/ui/button';
import { Menu, MenuItem, MenuTitle } from '@/shared/ui/menu';

import style from './frame.module.css';
import { ScopePicker } from './scope-picker';
import { TimePicker } from './time-picker';

interface TopBarProps {
  onSearch: () => void;
  onNavigation: () => void;
  isNavigationOpen: boolean;
}

export function TopBar({ onSearch, onNavigation, isNavigationOpen }: TopBarProps) {
  const { t } = useTranslation();
  const organization = useOrganizationId();
  const scope = useScope();
  return (
    <header className={style['top']}>
      <span className={style['burger']}>
        <Button
          look="quiet"
          icon={<MenuIcon size={20} aria-hidden />}
          aria-label={t('nav.label')}
          aria-expanded={isNavigationOpen}
          onClick={onNavigation}
        />
      </span>
      <Link to="/o/$organization/home" params={{ organization }} search={scope} className={style['brand']} aria-label="OsecT">
        <img src="/icon.svg" width={26} height={26} alt="" />
        <span>OsecT</span>
      </Link>
      <ScopePicker />
      <TimePicker />
      <span className={style['spacer']} />
      <Button icon={<Search size={16} aria-hidden />} onClick={onSearch} aria-keyshortcuts="Control+K">
        <span className={style['searchText']}>
          <span>{t('palette.open')}</span>
          <kbd aria-hidden>Ctrl+K</kbd>
        </span>
      </Button>
      <span className={style['wide']}>
        <LanguageMenu />
      </span>
      <span className={style['wide']}>
        <ThemeMenu />
      </span>
      <AccountMenu />
    </header>
  );
}

/** Applies a preference at once and remembers it in the account. */
function usePreference() {
  const update = useSessionUpdate();
  return useMutation({
    mutationFn: (change: Schemas['AccountChange']) => api.patch('/api/v1/account', { body: change }),
    onSuccess: (account) => {
      update({ account });
    },
  });
}

function LanguageMenu() {
  const { t } = useTranslation();
  const locale = useLocale();
  const preference = usePreference();
  return (
    <Menu label={null} icon={<Languages size={18} aria-hidden />} name={t('settings.language')} look="quiet" align="end">
      {(close) =>
        locales.map((one) => (
          <MenuItem
            key={one}
            current={one === locale}
            onClick={() => {
              void applyLocale(one);
              preference.mutate({ locale: one });
              close();
            }}
          >
            {one === 'ja' ? '日本語' : 'English'}
          </MenuItem>
        ))
      }
    </Menu>
  );
}

const themeIcons = { system: SunMoon, light: Sun, dark: Moon };

function ThemeMenu() {
  const { t } = useTranslation();
  const [theme, setTheme] = useState<Theme>(storedTheme());
  const preference = usePreference();
  const Icon = themeIcons[theme];
  return (
    <Menu label={null} icon={<Icon size={18} aria-hidden />} name={t('settings.theme')} look="quiet" align="end">
      {(close) =>
        themes.map((one) => {
          const OneIcon = themeIcons[one];
          return (
            <MenuItem
              key={one}
              current={one === theme}
              icon={<OneIcon size={16} aria-hidden />}
              onClick={() => {
                setTheme(one);
                applyTheme(one);
                preference.mutate({ theme: one });
                close();
              }}
            >
              {t(`theme.${one}`)}
            </MenuItem>
          );
        })
      }
    </Menu>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const { account } = useSession();
  const organization = useOrganizationId();
  const scope = useScope();
  const navigate = useNavigate();
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => api.delete('/api/v1/session'),
    onSuccess: () => {
      client.clear();
      void navigate({ to: '/login' });
    },
  });
  return (
    <Menu label={null} icon={<UserRound size={18} aria-hidden />} name={t('frame.account')} look="quiet" align="end">
      {(close) => (
        <>
          <MenuTitle>{account.display_name}</MenuTitle>
          <MenuItem
            icon={<Settings size={16} aria-hidden />}
            onClick={() => {
              close();
              void navigate({ to: '/o/$organization/settings', params: { organization }, search: scope });
            }}
          >
            {t('nav.settings')}
          </MenuItem>
          <MenuItem
            icon={<LogOut size={16} aria-hidden />}
            onClick={() => {
              signOut.mutate();
            }}
          >
            {t('frame.signOut')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
