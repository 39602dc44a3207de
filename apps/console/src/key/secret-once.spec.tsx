import { afterEach, expect, test } from '@jest/globals';
import { onlineManager } from '@tanstack/react-query';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { key, keyId, replies, teamId } from '../testing/replies.ts';
import { forms, snippet } from './snippets.ts';

afterEach(() => {
  cleanup();
  act(() => onlineManager.setOnline(true));
});

const secret = `sk-ollm-${'a'.repeat(32)}`;
const made = (more: object = {}) => new FakeGateway().answer('createKey', { ...key, key: secret, ...more });
const makeFirst = async (gateway: FakeGateway) => {
  const opened = open(`/teams/${teamId}/start`, gateway);
  await userEvent.click(await screen.findByRole('button', { name: 'Make key' }));
  await screen.findByLabelText('Secret key');
  return opened;
};
const follow = (name: string) => userEvent.click(within(screen.getByRole('navigation')).getByRole('link', { name }));

test('a link away from a secret that nobody can have yet is followed only after a word', async () => {
  const { router } = await makeFirst(made());
  await follow('Models');
  const asked = within(await screen.findByRole('dialog', { name: 'Leave without the secret?' }));
  await userEvent.click(asked.getByRole('button', { name: 'Stay' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(router.state.location.pathname).toBe(`/teams/${teamId}/start`);
  await follow('Models');
  await userEvent.click(await screen.findByRole('button', { name: 'Leave' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/teams/${teamId}/models`));
});

test('whoever has seen it leaves as from any page', async () => {
  const { router } = await makeFirst(made());
  await userEvent.click(screen.getByRole('button', { name: 'Show' }));
  await follow('Models');
  await waitFor(() => expect(router.state.location.pathname).toBe(`/teams/${teamId}/models`));
});

test('its calls name a model that the key may call', async () => {
  open(`/teams/${teamId}/keys?generate=`, made({ models: ['phala_deepseek_r1'] }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByLabelText('Name'), 'ci{Enter}');
  const [call] = await screen.findAllByLabelText('curl');
  expect(call?.textContent).toContain('"model":"phala_deepseek_r1"');
});

test('its calls ask what was asked on the page, as one word of a shell', async () => {
  const prompt = `it's $HOME and \`id\``;
  const said = forms.map((form) => snippet(form, { baseUrl: 'https://api.test/v1', key: 'k', model: 'm', prompt }));
  const [curl = '', , , claude = '', codex = ''] = said;
  const [, body = ''] = /-d '((?:[^']|'\\'')*)'$/.exec(curl) ?? [];
  expect(JSON.parse(body.replaceAll(`'\\''`, "'"))).toMatchObject({ messages: [{ content: prompt }] });
  for (const text of [claude, codex]) expect(text).toContain(` '${prompt.replaceAll("'", `'\\''`)}'`);
});

test('a browser that lets nobody copy says so', async () => {
  await makeFirst(made());
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
  await userEvent.click(screen.getAllByRole('button', { name: 'Copy' })[0]!);
  await screen.findByText('Not allowed here: copy it by hand');
});

test('a form that is open stays open without a network, with what was typed', async () => {
  open(`/teams/${teamId}/keys?generate=`);
  const name = await screen.findByLabelText<HTMLInputElement>('Name');
  await userEvent.type(name, 'typed-before');
  act(() => onlineManager.setOnline(false));
  await screen.findByText(/^Offline since/);
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('typed-before');
});

test('without a network nothing is sent, and whatever would send says why', async () => {
  open(`/teams/${teamId}/keys?ask=revoke.${keyId}`);
  const button = await screen.findByRole('button', { name: 'Revoke key' });
  act(() => onlineManager.setOnline(false));
  await waitFor(() => expect(button.ariaDisabled).toBe('true'));
  expect(document.getElementById(button.getAttribute('aria-describedby')!)?.textContent).toBe(
    'This browser is offline.',
  );
});

test.each(['revoke', 'edit', 'disable'])(
  'an address that asks for what a viewer may not do opens no dialog (%s)',
  async (what) => {
    const viewers = new FakeGateway().answer('getTeam', { ...(replies.getTeam as object), role: 'viewer' });
    const { queries } = open(`/teams/${teamId}/keys?ask=${what}.${keyId}`, viewers);
    await screen.findByRole('link', { name: key.name });
    await waitFor(() => expect(queries.isFetching()).toBe(0));
    expect(screen.queryByRole('dialog')).toBeNull();
  },
);
