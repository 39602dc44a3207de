import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { configure, render, screen } from '@testing-library/react';
import { createMemoryRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { newQueries } from '../api/queries.ts';
import { toRoutes } from '../console.tsx';
import type { PageRow } from '../pages.ts';
import { FakeGateway } from './fake-gateway.ts';
import { keyId, requestId, teamId } from './replies.ts';

// The first page that a test opens loads what draws it, which on a busy machine takes longer than a second.
configure({ asyncUtilTimeout: 10_000 });

/** The address of a page about the things that the fake gateway knows. */
export function addressOf({ path }: Pick<PageRow, 'path'>): string {
  return path.replace(':teamId', teamId).replace(':keyId', keyId).replace(':requestId', requestId);
}

/** Opens an address of the whole console, with its frame, over a gateway of the test's. */
export function open(address: string, gateway = new FakeGateway()) {
  globalThis.fetch = gateway.fetch;
  const queries = newQueries();
  const defaults = queries.getDefaultOptions();
  queries.setDefaultOptions({ ...defaults, queries: { ...defaults.queries, retryDelay: 1 } });
  const router = createMemoryRouter(toRoutes(), { initialEntries: [address] });
  render(
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>,
  );
  return { gateway, queries, router };
}

/** The one heading of the page, once it is drawn. */
export async function headingOf(): Promise<string> {
  const headings = await screen.findAllByRole('heading', { level: 1 });
  if (headings.length !== 1) throw new Error(`${headings.length} headings`);
  return headings[0]?.textContent ?? '';
}
