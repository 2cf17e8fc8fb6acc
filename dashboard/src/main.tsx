import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './page.css';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ignoreSecondClicks } from './double-clicks.ts';
import { startLanguages } from './i18n.ts';
import { brandingQuery } from './layout/branding.ts';
import { Themed } from './layout/themed.tsx';
import './nonce.ts';
import { queryClient, router } from './router.tsx';

ignoreSecondClicks(document);

// What can't be read of the platform's looks is no reason to show nothing: then it looks as we do.
await Promise.all([startLanguages(), queryClient.prefetchQuery({ ...brandingQuery, retry: false })]);

const root = document.getElementById('root');
if (!root) throw new Error('the document has no place for the dashboard');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Themed>
        {/* At the bottom they would stand on the buttons that save. */}
        <Notifications position="top-center" autoClose={3_000} />
        <RouterProvider router={router} />
      </Themed>
    </QueryClientProvider>
  </StrictMode>,
);
