import { afterEach, expect, test } from '@jest/globals';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { pageOf } from '../pages.ts';
import { FakeGateway, Refusal } from '../testing/fake-gateway.ts';
import { addressOf, open } from '../testing/open-page.tsx';
import { replies } from '../testing/replies.ts';

afterEach(cleanup);

test.each([
  ['billing', 'listMoney', 'Older entries', 'paid in'],
  ['audit', 'listAudit', 'Older entries', /made the key/],
  ['requests', 'listRequests', 'Older requests', /provider_error/],
] as const)(
  'the page %s keeps what it shows when older rows cannot be had, and tries again',
  async (name, route, label, shown) => {
    let isDown = true;
    const reply = replies[route] as object;
    const cursor = '019bd1c2-77a1-7c3e-9d2b-3f6a1c0e9b11';
    const gateway = new FakeGateway().answer(route, (query: URLSearchParams) => {
      if (query.get('cursor') === null) return { ...reply, nextCursor: cursor };
      return isDown ? new Refusal('not_permitted', 'Not now.') : { ...reply, data: [], nextCursor: null };
    });
    open(addressOf(pageOf(name)), gateway);
    const [older, { length }] = [await screen.findByRole('button', { name: label }), await screen.findAllByText(shown)];
    fireEvent.click(older);
    const note = within((await screen.findByText('Not now.')).closest('.note') as HTMLElement);
    expect(screen.getAllByText(shown)).toHaveLength(length);
    isDown = false;
    fireEvent.click(note.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByText('Not now.')).toBeNull());
    const last = await screen.findByRole('button', { name: label });
    expect(last.getAttribute('aria-disabled')).toBe('true');
    expect(document.getElementById(last.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
      /^There are no older/,
    );
    expect(screen.getAllByText(shown)).toHaveLength(length);
  },
);
