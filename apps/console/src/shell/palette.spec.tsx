import { afterEach, expect, test } from '@jest/globals';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { replies, teamId } from '../testing/replies.ts';

afterEach(cleanup);

const session = replies.getSession as { teams: object[] };

test('any page is reached by its name from the keyboard alone, and none that is not for this person', async () => {
  const viewers = new FakeGateway()
    .answer('getSession', { ...session, teams: [{ ...session.teams[0], role: 'viewer' }] })
    .answer('getTeam', { ...(replies.getTeam as object), role: 'viewer' });
  const { router } = open(`/teams/${teamId}/keys`, viewers);
  await screen.findByRole('heading', { level: 1 });
  fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  const input = await screen.findByRole('combobox', { name: 'Page or team' });
  await userEvent.type(input, 'audit');
  expect(screen.queryAllByRole('option')).toEqual([]);
  await userEvent.clear(input);
  await userEvent.type(input, 'model{Enter}');
  await waitFor(() => expect(router.state.location.pathname).toBe(`/teams/${teamId}/models`));
});
