// Settings of one's own account: name, password, language, colours.
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/shared/lib/api';
import { applyLocale, locales } from '@/shared/lib/i18n';
import { Problem } from '@/shared/lib/problem';
import { useSession, useSessionUpdate } from '@/shared/lib/session';
import { applyTheme, themes } from '@/shared/lib/theme';
import { Button } from '@/shared/ui/button';
import { TextField } from '@/shared/ui/field';
import { Page, Panel } from '@/shared/ui/page';
import { useProblemText } from '@/shared/ui/state-frame';

import style from './settings.module.css';

export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.settings')} about={t('settings.about')}>
      <div className={style['panels']}>
        <Profile />
        <Preferences />
        <Password />
      </div>
    </Page>
  );
}

function useAccountChange() {
  const update = useSessionUpdate();
  return useMutation({
    mutationFn: (change: Schemas['AccountChange']) => api.patch('/api/v1/account', { body: change }),
    onSuccess: (account) => {
      update({ account });
    },
  });
}

function Profile() {
  const { t } = useTranslation();
  const { account } = useSession();
  const problemText = useProblemText();
  const [name, setName] = useState(account.display_name);
  const change = useAccountChange();
  return (
    <Panel title={t('settings.profile')}>
      <form
        className={style['form']}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ display_name: name.trim() });
        }}
      >
        <TextField label={t('login.name')} value={account.login} readOnly />
        <TextField
          label={t('settings.displayName')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <Outcome isDone={change.isSuccess} error={change.isError ? problemText(change.error) : undefined} />
        <div>
          <Button type="submit" look="primary" disabled={change.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Preferences() {
  const { t } = useTranslation();
  const { account } = useSession();
  const problemText = useProblemText();
  const change = useAccountChange();
  return (
    <Panel title={t('settings.display')}>
      <div className={style['form']}>
        <fieldset className={style['choices']}>
          <legend>{t('settings.language')}</legend>
          {locales.map((locale) => (
            <label key={locale}>
              <input
                type="radio"
                name="locale"
                checked={account.locale === locale}
                onChange={() => {
                  void applyLocale(locale);
                  change.mutate({ locale });
                }}
              />
              {locale === 'ja' ? '日本語' : 'English'}
            </label>
          ))}
        </fieldset>
        <fieldset className={style['choices']}>
          <legend>{t('settings.theme')}</legend>
          {themes.map((theme) => (
            <label key={theme}>
              <input
                type="radio"
                name="theme"
                checked={account.theme === theme}
                onChange={() => {
                  applyTheme(theme);
                  change.mutate({ theme });
                }}
              />
              {t(`theme.${theme}`)}
            </label>
          ))}
        </fieldset>
        {change.isError && <p role="alert">{problemText(change.error)}</p>}
      </div>
    </Panel>
  );
}

function Password() {
  const { t } = useTranslation();
  const update = useSessionUpdate();
  const problemText = useProblemText();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [isDifferent, setDifferent] = useState(false);
  const change = useMutation({
    mutationFn: () => api.post('/api/v1/account/password', { body: { current, new: next } }),
    onSuccess: (session) => {
      update(session);
      setCurrent('');
      setNext('');
      setAgain('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDifferent(next !== again);
    if (next === again) change.mutate();
  };
  const error = change.error;
  const wrong = error instanceof Problem ? error.fields.map((one) => one.field) : [];
  const text =
    error instanceof Problem && error.status === 429
      ? t('login.locked', { count: Math.ceil((error.retryAfterSeconds ?? 60) / 60) })
      : wrong.includes('current') || (error instanceof Problem && error.status === 403)
        ? t('settings.wrongPassword')
        : wrong.includes('new')
          ? t('settings.weakPassword')
          : error !== null
            ? problemText(error)
            : undefined;
  return (
    <Panel title={t('settings.password')}>
      <form className={style['form']} onSubmit={submit}>
        <TextField
          label={t('settings.currentPassword')}
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => {
            setCurrent(event.target.value);
          }}
        />
        <TextField
          label={t('settings.newPassword')}
          hint={t('settings.passwordHint')}
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          value={next}
          onChange={(event) => {
            setNext(event.target.value);
          }}
        />
        <TextField
          label={t('settings.repeatPassword')}
          error={isDifferent ? t('settings.notSame') : undefined}
          type="password"
          autoComplete="new-password"
          required
          value={again}
          onChange={(event) => {
            setAgain(event.target.value);
          }}
        />
        <Outcome isDone={change.isSuccess} error={text} />
        <div>
          <Button type="submit" look="primary" disabled={change.isPending}>
            {t('settings.changePassword')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Outcome({ isDone, error }: { isDone: boolean; error: string | undefined }) {
  const { t } = useTranslation();
  if (error !== undefined) return <p role="alert" className={style['error']}>{error}</p>;
  return <p role="status">{isDone ? t('settings.saved') : ''}</p>;
}
