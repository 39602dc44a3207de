import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { newQueries } from './api/queries.ts';
import { pageModules } from './page-modules.ts';
import { NotFoundPage } from './page/not-found-page.tsx';
import { PageFault } from './shell/page-fault.tsx';
import { Shell } from './shell/shell.tsx';
import { pages } from './pages.ts';
import { SessionGate } from './session/session-gate.tsx';

/** The routes of the table, each in the shell, and each loaded when it is opened. */
export function toRoutes(): RouteObject[] {
  const children = pages.map(({ name, path }) => ({
    path,
    id: name,
    lazy: async () => ({ Component: (await pageModules[name]()).default }),
    ErrorBoundary: PageFault,
  }));
  const frame = (
    <SessionGate>
      <Shell />
    </SessionGate>
  );
  return [
    {
      element: frame,
      ErrorBoundary: PageFault,
      HydrateFallback: () => null,
      children: [...children, { path: '*', Component: NotFoundPage }],
    },
  ];
}

/** The providers, once. */
export function Console() {
  const [queries] = useState(newQueries);
  const [router] = useState(() => createBrowserRouter(toRoutes()));
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  );
}
