import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { act, cleanup, screen } from '@testing-library/react';
import { sessionEnd } from '../api/session-end.ts';
import { FakeGateway, Refusal, silence } from '../testing/fake-gateway.ts';
import { headingOf, open } from '../testing/open-page.tsx';
import { olivia, teamId } from '../testing/replies.ts';

const token = 't'.repeat(43);
const link = `/invitations/accept#token=${token}`;
const signInPath = `/api/auth/login?returnTo=%2Finvitations%2Faccept&invitation=${createHash('sha256').update(token).digest('base64url')}`;
const joined = { teamId, role: 'member' };
const stranger = () => new FakeGateway().answer('getSession', new Refusal('not_signed_in'));
const guest = (answer: unknown) => new FakeGateway().answer('acceptInvitation', answer);
const kept = () => JSON.stringify({ ...sessionStorage });

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  cleanup();
  act(() => sessionEnd.mend());
});

test('whoever is not signed in signs in first, with the digest of the token and not the token in the address', async () => {
  const { gateway, router } = open(link, stranger());
  const signIn = await screen.findByRole('link', { name: 'Sign in and join' });
  expect(signIn.getAttribute('href')).toBe(signInPath);
  expect(router.state.location.hash).toBe('');
  expect(kept()).toContain(token);
  expect(gateway.asked.map(({ name }) => name)).not.toContain('acceptInvitation');
});

test('whoever comes back from signing in joins without another click, and the token is forgotten', async () => {
  open(link, stranger());
  await screen.findByRole('link', { name: 'Sign in and join' });
  cleanup();
  act(() => sessionEnd.mend());
  const { gateway } = open('/invitations/accept', guest(joined));
  await screen.findByText('You have joined the team, with the role member.');
  expect(screen.getByRole('link', { name: 'To the team' }).getAttribute('href')).toBe(`/teams/${teamId}/start`);
  const accepts = gateway.asked.filter(({ name }) => name === 'acceptInvitation');
  expect(accepts.map(({ body }) => body)).toEqual([{ token }]);
  expect(kept()).not.toContain(token);
  expect(await headingOf()).toBe('You are invited to a team');
});

test('says that it waits, and asks once', async () => {
  const { gateway } = open(link, guest(silence));
  await screen.findByText(`Joining, as ${olivia.email}.`);
  expect(gateway.asked.filter(({ name }) => name === 'acceptInvitation')).toHaveLength(1);
});

test('an address without an invitation says what to do', async () => {
  for (const gateway of [stranger(), guest(joined)]) {
    open('/invitations/accept', gateway);
    await screen.findByText(/has no invitation in it/);
    expect(gateway.asked.map(({ name }) => name)).not.toContain('acceptInvitation');
    cleanup();
  }
});

describe('a refusal says what to do, and is read by its code', () => {
  test('an invitation that is no longer good leads to the start page, and is not tried again', async () => {
    open(link, guest(new Refusal('not_found', 'This invitation is no longer good. Ask for a new one.')));
    await screen.findByText('This invitation is no longer good. Ask for a new one.');
    expect(screen.getByRole('link', { name: 'To the start page' }).getAttribute('href')).toBe('/');
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    expect(kept()).not.toContain(token);
  });

  test('one for another address names whose session it is, and leads to another sign-in with the invitation', async () => {
    open(link, guest(new Refusal('not_permitted', 'This invitation is for another e-mail address.')));
    await screen.findByText('This invitation is for another e-mail address.');
    expect(document.getElementById('main')?.textContent).toContain(`You are signed in as ${olivia.email}.`);
    const other = await screen.findByRole('link', { name: 'Sign in as somebody else' });
    expect(other.getAttribute('href')).toBe(signInPath);
    expect(kept()).toContain(token);
  });

  test('who is in the team already goes there', async () => {
    open(link, guest(new Refusal('request_conflict', 'You are in this team already.')));
    await screen.findByText('You are in this team already.');
    expect(screen.getByRole('link', { name: 'To your team' }).getAttribute('href')).toBe('/');
  });

  test('what may pass by itself can be tried again', async () => {
    const { gateway } = open(link, guest(new Refusal('service_unavailable', 'Later.')));
    const again = await screen.findByRole('button', { name: 'Try again' });
    gateway.answer('acceptInvitation', joined);
    act(() => again.click());
    await screen.findByText(/You have joined the team/);
  });

  test('a session that ended meanwhile is begun again', async () => {
    open(link, guest(new Refusal('not_signed_in')));
    await screen.findByRole('link', { name: 'Sign in and join' });
    expect(kept()).toContain(token);
  });
});
