// Starts the app: language, colours, data, routes.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/mantine.css';
import '@mantine/notifications/styles.css';
import './styles/tokens.css';

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { queries } from './api/queries';
import { cspNonce, shareNonce } from './csp';
import { startLanguage } from './i18n';
import { keepFocus } from './layout/keepFocus';
import { reloadOnNewVersion } from './newVersion';
import { router } from './routes';
import { cssVariables, theme } from './theme';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root element.');
shareNonce();
keepFocus();
reloadOnNewVersion();
await startLanguage();
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariables}
      getStyleNonce={cspNonce}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
