// What someone sees who belongs to no organization yet.
import { useTranslation } from 'react-i18next';

import { Empty } from '@/shared/ui/state-frame';

export function NoOrganization() {
  const { t } = useTranslation();
  return <Empty title={t('noOrganization.title')}>{t('noOrganization.next')}</Empty>;
}
