import { afterEach, describe, expect, test } from '@jest/globals';
import { onlineManager } from '@tanstack/react-query';
import { act, cleanup, screen, within } from '@testing-library/react';
import { mayDo } from '@orgn/console-api';
import { pages, type PageRow } from './pages.ts';
import { sessionEnd } from './api/session-end.ts';
import { FakeGateway, Refusal, silence } from './testing/fake-gateway.ts';
import { addressOf, headingOf, open } from './testing/open-page.tsx';
import { emptyReplies, replies, teamId } from './testing/replies.ts';

const rows: readonly PageRow[] = pages;
/** What each page shows, of which routes, and what it says where there is nothing. */
const matters: Record<string, { of: string[]; shows: RegExp; empty?: RegExp }> = {
  start: { of: ['listModels'], shows: /Qwen3 30B/ },
  keys: { of: ['listKeys'], shows: /production-backend/, empty: /No keys yet/ },
  key: { of: ['getKey'], shows: /203\.0\.113\.0\/24/ },
  rotation: { of: ['getKey'], shows: /Rotate now/ },
  models: { of: ['listModels'], shows: /Qwen3 30B/, empty: /The catalogue has no models/ },
  playground: { of: ['listModels'], shows: /Nothing has been said yet\. Write below/, empty: /No model chats/ },
  usage: { of: ['getUsage'], shows: /Complete until/, empty: /No requests in this while/ },
  requests: { of: ['listRequests'], shows: /provider_error/, empty: /No requests in this while/ },
  request: { of: ['getRequest'], shows: /The provider failed\./ },
  verification: { of: ['listRequests'], shows: /near_qwen3_30b/, empty: /No answer of this kind/ },
  team: { of: ['listMembers', 'listInvitations'], shows: /grace@orgn\.test/, empty: /Nobody is invited now/ },
  settings: { of: ['getEnclaveDemands'], shows: /GPUs of enclaves must be proven/ },
  billing: { of: ['getBilling'], shows: /about 12 days/, empty: /nothing is spent/ },
  audit: { of: ['listAudit'], shows: /made the key/, empty: /Nothing was done here yet/ },
  profile: { of: ['listSessions'], shows: /203\.0\.113\.9/ },
  services: { of: ['listServices'], shows: /postgres: failing/, empty: /Nothing has been heard yet/ },
  routers: { of: ['listRouters'], shows: /Calls are refused until/, empty: /No router answers/ },
  measurements: { of: ['listMeasurements'], shows: /compose file/, empty: /No enclave was measured yet/ },
  catalogue: { of: ['getCatalogue'], shows: /different catalogues/ },
  allUsage: { of: ['getDeploymentUsage'], shows: /Complete until/, empty: /No requests in this while/ },
  allTeams: { of: ['listAllTeams'], shows: /Suspend/, empty: /No team matches/ },
  newTeam: { of: [], shows: /Make team/ },
};
const shown = rows.filter(({ name }) => name in matters);
const matterOf = ({ name }: PageRow) => matters[name]!;
const session = replies.getSession as { user: object; session: object };
const team = replies.getTeam as { role: string };

const viewers = () =>
  new FakeGateway()
    .answer('getTeam', { ...team, role: 'viewer' })
    .answer('getSession', { ...session, user: { ...session.user, isOperator: false } });

afterEach(() => {
  cleanup();
  act(() => {
    onlineManager.setOnline(true);
    sessionEnd.mend();
  });
});

test('every page but those that lead on is held by what follows', () => {
  expect(shown.map(({ name }) => name)).toEqual(
    rows.map(({ name }) => name).filter((name) => !['home', 'signedIn', 'invitation'].includes(name)),
  );
});

test.each(['/nowhere', `/teams/${teamId}/nowhere`])('the address %s says that there is nothing', async (address) => {
  open(address);
  expect(await headingOf()).toBe('There is nothing here');
});

describe.each(shown.map((page) => [page.name, page] as const))('the page %s', (_, page) => {
  const { of, shows, empty } = matterOf(page);

  test('shows what there is under its heading, its title in the window', async () => {
    open(addressOf(page));
    expect((await screen.findAllByText(shows)).length).toBeGreaterThan(0);
    expect(await headingOf()).not.toBe('');
    expect(document.title).toMatch(/ORGN Gateway$/);
  });

  test('shows an outline while it waits, and no number that could be mistaken for one', async () => {
    const gateway = new FakeGateway();
    for (const name of of) gateway.answer(name, silence);
    open(addressOf(page), gateway);
    if (of.length > 0) await screen.findAllByText('Loading');
    else await headingOf();
    expect(screen.queryByText(of.length > 0 ? shows : 'Loading')).toBeNull();
  });

  if (empty) {
    test('says why there is nothing where there is nothing', async () => {
      const gateway = new FakeGateway();
      for (const name of of) if (name in emptyReplies) gateway.answer(name, emptyReplies[name]);
      open(addressOf(page), gateway);
      await screen.findByText(empty);
    });
  }

  if (of.length > 0) {
    test('says what failed, with the request’s id and a way on', async () => {
      const gateway = new FakeGateway();
      for (const name of of) gateway.answer(name, new Refusal('service_unavailable', 'Metering does not answer.'));
      open(addressOf(page), gateway);
      const [alert] = await screen.findAllByRole('alert');
      const note = alert?.closest('.note') as HTMLElement;
      within(note).getByText('Metering does not answer.');
      within(note).getByText('request-1');
      within(note).getByRole('button', { name: 'Try again' });
    });
  }

  test('keeps what is shown under a dialog when the session has ended', async () => {
    const { gateway, queries } = open(addressOf(page));
    await screen.findAllByText(shows);
    for (const name of [...of, 'getSession']) gateway.answer(name, new Refusal('not_signed_in'));
    await queries.invalidateQueries();
    await screen.findByRole('link', { name: 'Sign in again' });
    expect(screen.getAllByText(shows).length).toBeGreaterThan(0);
  });

  test('says since when it is offline, and stays readable', async () => {
    open(addressOf(page));
    await screen.findAllByText(shows);
    act(() => onlineManager.setOnline(false));
    await screen.findByText(/^Offline since/);
    expect(screen.getAllByText(shows).length).toBeGreaterThan(0);
  });

  test('shows a viewer who is no operator no control that would be refused without its reason', async () => {
    open(addressOf(page), viewers());
    const isThere = !page.isOperator && (page.action === undefined || mayDo('viewer', page.action, true));
    if (!isThere) return expect(await headingOf()).toBe('There is nothing here');
    await headingOf();
    const off = screen.queryAllByRole('button').filter((button) => button.ariaDisabled === 'true');
    for (const button of off) expect(button.getAttribute('aria-describedby')).toBeTruthy();
  });

  if (page.path.includes(':teamId')) {
    test('says that the team is suspended, and why', async () => {
      const suspended = { ...team, standing: 'suspended', suspensionReason: 'unpaid since May' };
      open(addressOf(page), new FakeGateway().answer('getTeam', suspended));
      await screen.findByRole('region', { name: 'This team is suspended' });
      await screen.findByText(/unpaid since May/);
    });
  }
});
