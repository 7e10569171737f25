// Starts the web UI: language first, then the pages.
import './styles/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App, startLoading } from '@/app/app';
import { documentLocale, startI18n } from '@/shared/lib/i18n';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
startLoading();
await startI18n(documentLocale());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
