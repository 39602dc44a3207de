import { afterEach, expect, test } from '@jest/globals';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { FakeGateway, Refusal } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { olivia, replies, teamId } from '../testing/replies.ts';

afterEach(cleanup);

const other = { id: `user_${'9'.repeat(32)}`, name: 'Vera Viewer', email: 'viewer@orgn.test' };
const joined = { role: 'owner', joinedAt: '2026-11-28T12:00:00.000Z' };
const members = (...rows: object[]) => ({ data: rows, nextCursor: null });
const both = members({ ...olivia, ...joined, isYou: true }, { ...other, ...joined, role: 'viewer', isYou: false });
const address = (ask: string) => `/teams/${teamId}/members?ask=${ask}`;

test('whoever removes somebody is told, though the line and the dialog about them go with the new list', async () => {
  const gateway = new FakeGateway().answer('listMembers', both).answer('removeMember', {});
  const { router } = open(address(`remove.${other.id}`), gateway);
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove Vera Viewer?' }));
  gateway.answer('listMembers', members({ ...olivia, ...joined, isYou: true }));
  await userEvent.click(dialog.getByRole('button', { name: 'Remove' }));
  await screen.findByText('Vera Viewer is not in the team any more.');
  await waitFor(() => expect(router.state.location.search).toBe(''));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('whoever leaves a team ends on a page of theirs, and not on one of a team that is none for them any more', async () => {
  const gateway = new FakeGateway().answer('listMembers', both).answer('leaveTeam', {}).answer('listKeys', members());
  const { router } = open(address(`leave.${olivia.id}`), gateway);
  const dialog = within(await screen.findByRole('dialog', { name: 'Leave Demo team?' }));
  gateway.answer('getTeam', new Refusal('not_found'));
  gateway.answer('getSession', { ...(replies.getSession as object), teams: [] });
  await userEvent.click(dialog.getByRole('button', { name: 'Leave' }));
  await screen.findByText('You have left Demo team.');
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
  await screen.findByRole('heading', { level: 1, name: 'You are in no team' });
});

test.each(['invite', `role.${olivia.id}`, `remove.${olivia.id}`])(
  'an address that asks for what a viewer may not do opens no form (%s)',
  async (ask) => {
    const gateway = new FakeGateway().answer('getTeam', { ...(replies.getTeam as object), role: 'viewer' });
    const { queries } = open(address(ask), gateway);
    await screen.findByRole('heading', { level: 1, name: 'Team' });
    await screen.findByText(olivia.email, { selector: 'small' });
    await waitFor(() => expect(queries.isFetching()).toBe(0));
    expect(screen.queryByRole('dialog')).toBeNull();
  },
);
