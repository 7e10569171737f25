// One alert on a page of its own.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useAlertWords } from '@/shared/lib/alert-words';
import { useOrganizationId } from '@/shared/lib/session';
import { Page } from '@/shared/ui/page';

import { AlertContent } from './alert-content';
import { alertQuery } from './alert-queries';

export function AlertPage() {
  const { t } = useTranslation();
  const { alert: id } = useParams({ from: '/o/$organization/alerts/$alert' });
  const { title } = useAlertWords();
  const alert = useQuery(alertQuery(useOrganizationId(), id)).data;
  return (
    <Page title={alert === undefined ? t('nav.alert') : title(alert)}>
      <AlertContent id={id} />
    </Page>
  );
}
