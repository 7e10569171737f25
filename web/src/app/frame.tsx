// The frame round every page: navigation on the left, scope, time, search and account above.
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

import style from './frame.module.css';
import { useLiveUpdates } from './live';
import { Navigation } from './navigation';
import { TopBar } from './top-bar';

export function Frame() {
  const { t } = useTranslation();
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // On a narrow window the navigation lies over the page it was opened on, and is gone on the next one.
  const [navigationOpenAt, setNavigationOpenAt] = useState<string>();
  const isNavigationOpen = navigationOpenAt === path;
  useLiveUpdates();
  // Comes when the page stands: whoever presses Ctrl+K finds it there.
  const [Palette, setPalette] = useState<ComponentType<{ onClose: () => void }>>();
  useEffect(() => {
    void import('./palette').then((module) => { setPalette(() => module.Palette); });
  }, []);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setPaletteOpen(true);
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);

  // A new page starts at its beginning, for eyes and for screen readers.
  const firstPath = useRef(path);
  useEffect(() => {
    if (firstPath.current === path) return;
    firstPath.current = path;
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [path]);

  return (
    <div className={style['frame']}>
      <a className={style['skip']} href="#main">
        {t('frame.skip')}
      </a>
      <TopBar
        onSearch={() => {
          setPaletteOpen(true);
        }}
        onNavigation={() => {
          setNavigationOpenAt(isNavigationOpen ? undefined : path);
        }}
        isNavigationOpen={isNavigationOpen}
      />
      <Navigation isOpen={isNavigationOpen} />
      <main id="main" ref={main} className={style['main']} tabIndex={-1}>
        <Outlet />
      </main>
      {isPaletteOpen && Palette !== undefined && (
        <Palette
          onClose={() => {
            setPaletteOpen(false);
          }}
        />
      )}
    </div>
  );
}
