// Signing in. The API's problem documents say what is wrong; a locked login says for how long.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, setCsrfToken } from '@/shared/lib/api';
import { applyLocale, locales, useLocale } from '@/shared/lib/i18n';
import { Problem } from '@/shared/lib/problem';
import { sessionQuery } from '@/shared/lib/session';
import { applyTheme } from '@/shared/lib/theme';
import { Button } from '@/shared/ui/button';
import { TextField } from '@/shared/ui/field';
import { useProblemText } from '@/shared/ui/state-frame';

import style from './login-page.module.css';

export function LoginPage() {
  const { t } = useTranslation();
  const { to } = useSearch({ from: '/login' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const locale = useLocale();
  const problemText = useProblemText();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');

  useEffect(() => {
    document.title = `${t('login.title')} – OsecT`;
  }, [t]);

  const signIn = useMutation({
    mutationFn: () => api.post('/api/v1/session', { body: { login: login.trim(), password } }),
    onSuccess: async (session) => {
      setCsrfToken(session.csrf_token);
      client.setQueryData(sessionQuery.queryKey, session);
      applyTheme(session.account.theme);
      await applyLocale(session.account.locale);
      if (to !== undefined) router.history.push(to);
      else await navigate({ to: '/' });
    },
  });

  const text = (error: unknown) => {
    if (!(error instanceof Problem)) return problemText(error);
    if (error.status === 401) return t('login.wrong');
    if (error.status === 429) return t('login.locked', { count: Math.ceil((error.retryAfterSeconds ?? 60) / 60) });
    return problemText(error);
  };

  return (
    <main className={style['page']}>
      <div className={style['box']}>
        <div className={style['brand']}>
          <img src="/icon.svg" width={40} height={40} alt="" />
          <h1>OsecT</h1>
        </div>
        <p className="muted">{t('login.about')}</p>
        <form
          className={style['form']}
          onSubmit={(event) => {
            event.preventDefault();
            if (!signIn.isPending) signIn.mutate();
          }}
        >
          <TextField
            label={t('login.name')}
            name="login"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            value={login}
            onChange={(event) => {
              setLogin(event.target.value);
            }}
          />
          <TextField
            label={t('login.password')}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
            }}
          />
          {signIn.isError && (
            <p role="alert" className={style['error']}>
              {text(signIn.error)}
            </p>
          )}
          <Button type="submit" look="primary" disabled={signIn.isPending}>
            {t('login.signIn')}
          </Button>
        </form>
        <div className={style['languages']}>
          {locales.map((one) => (
            <Button
              key={one}
              look="quiet"
              small
              lang={one}
              aria-pressed={one === locale}
              onClick={() => {
                void applyLocale(one);
              }}
            >
              {one === 'ja' ? '日本語' : 'English'}
            </Button>
          ))}
        </div>
      </div>
    </main>
  );
}
