import { afterEach, expect, test } from '@jest/globals';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { replies } from '../testing/replies.ts';

afterEach(cleanup);

const address = '/operator/measurements';
const session = replies.getSession as { session: object };

test('an operator sees what changed, value beside value, before the software is approved', async () => {
  const { gateway } = open(address);
  fireEvent.click(await screen.findByRole('button', { name: /^Approve the software .* of near$/ }));
  const dialog = within(await screen.findByRole('dialog'));
  const changed = within((await dialog.findByText(/^compose file/)).closest('div')!);
  changed.getByText('7'.repeat(32));
  changed.getByText('c'.repeat(32) + 'd'.repeat(32));
  expect(gateway.asked.map(({ name }) => name)).not.toContain('approveMeasurement');
  fireEvent.click(dialog.getByRole('button', { name: 'Approve this software' }));
  await screen.findByText('Approved: routers verify the enclave anew.');
  expect(gateway.asked.map(({ name }) => name)).toContain('approveMeasurement');
});

test('nothing is decided by a sign-in that is not recent', async () => {
  const gateway = new FakeGateway().answer('getSession', {
    ...session,
    session: { ...session.session, isFresh: false },
  });
  open(`${address}?ask=approve.${'a'.repeat(32)}${'b'.repeat(32)}`, gateway);
  await screen.findByText(/your sign-in must be recent/);
  expect(screen.queryByRole('button', { name: 'Approve this software' })).toBeNull();
});
