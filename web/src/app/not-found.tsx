// An address that leads nowhere.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Empty } from '@/shared/ui/state-frame';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty title={t('notFound.title')}>
      <p>{t('notFound.next')}</p>
      <Link to="/">{t('notFound.home')}</Link>
    </Empty>
  );
}
