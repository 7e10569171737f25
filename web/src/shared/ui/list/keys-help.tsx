// The help sheet of a list: its keys, and those of its page.
import { useTranslation } from 'react-i18next';

import { Button } from '../button';
import { Dialog } from '../dialog';
import style from './list-view.module.css';

const keys = ['move', 'open', 'select', 'search', 'help', 'palette'] as const;
const caps = { move: ['j', 'k'], open: ['Enter'], select: ['x'], search: ['/'], help: ['?'], palette: ['Ctrl', 'K'] };

export function KeysHelp({ more, onClose }: { more: { cap: string; text: string }[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('list.keys')}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
    >
      <dl className={style['keys']}>
        {keys.map((key) => (
          <div key={key}>
            <dt>
              {caps[key].map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </dt>
            <dd>{t(`keys.${key}`)}</dd>
          </div>
        ))}
        {more.map(({ cap, text }) => (
          <div key={cap}>
            <dt>
              <kbd>{cap}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
