import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { mayDo } from '@orgn/console-api';
import { onlineManager } from '@tanstack/react-query';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { sessionEnd } from './api/session-end.ts';
import { pages, type PageRow } from './pages.ts';
import { FakeGateway, Refusal, silence } from './testing/fake-gateway.ts';
import { addressOf, open } from './testing/open-page.tsx';
import { emptyReplies, reads, replies } from './testing/replies.ts';

const isLong = process.env.TEST_LONG === '1';
const rows: readonly PageRow[] = pages;
/** Pages that only lead on. */
const walked = rows.filter(({ name }) => !['home', 'signedIn'].includes(name));
const roles = isLong ? (['owner', 'admin', 'member', 'viewer'] as const) : (['member'] as const);
type Role = (typeof roles)[number] | 'owner' | 'admin' | 'viewer';
/** What frames every page: without it there is none. */
const framing = ['getSession', 'getTeam', 'listTeams', 'getDeployment'];

const team = replies.getTeam as object;
const session = replies.getSession as { user: object };
const gatewayFor = (role: Role, more: object = {}) =>
  new FakeGateway()
    .answer('getTeam', { ...team, role, ...more })
    .answer('getSession', { ...session, user: { ...session.user, isOperator: role === 'owner' } });
const answering = (gateway: FakeGateway, answer: (name: string) => unknown) => {
  for (const { name } of reads) if (!framing.includes(name)) gateway.answer(name, answer(name));
  return gateway;
};

/** Each state that a page can be in: how it comes about, by role. */
const states: Record<string, (role: Role) => FakeGateway> = {
  there: (role) => gatewayFor(role),
  loading: (role) => answering(gatewayFor(role), () => silence),
  empty: (role) => answering(gatewayFor(role), (name) => emptyReplies[name] ?? replies[name]),
  failed: (role) => answering(gatewayFor(role), () => new Refusal('service_unavailable')),
  refused: (role) => answering(gatewayFor(role), () => new Refusal('not_permitted')),
  'too often': (role) => answering(gatewayFor(role), () => new Refusal('rate_limit_exceeded')),
  offline: (role) => gatewayFor(role),
  'session ended': (role) => answering(gatewayFor(role), () => new Refusal('not_signed_in')),
  suspended: (role) => gatewayFor(role, { standing: 'suspended', suspensionReason: 'unpaid since May' }),
};
const looked = isLong ? Object.keys(states) : ['there'];

let count = 0;
afterEach(() => {
  cleanup();
  act(() => {
    onlineManager.setOnline(true);
    sessionEnd.mend();
  });
});
afterAll(() => void process.stdout.write(`pages by role by state: ${count} walked\n`));

const isThereFor = ({ isOperator, action }: PageRow, role: Role) =>
  isOperator ? role === 'owner' : action === undefined || mayDo(role, action, true);

const alerts = () => screen.queryAllByRole('alert').length;
const isWaiting = () => screen.queryAllByText('Loading').length > 0;
const saysWhy = async () => {
  await waitFor(() => expect(alerts()).toBeGreaterThan(0));
};
const isDone = async () => {
  await waitFor(() => expect([headings(), isWaiting(), alerts()]).toEqual([1, false, 0]));
};
const isAsked = () => screen.queryAllByRole('link', { name: 'Sign in again' }).length > 0;
const headings = () => screen.queryAllByRole('heading', { level: 1 }).length;

interface Seen {
  page: PageRow;
  /** Whether it wants something that is not the frame's. */
  isReading: () => boolean;
}

/** What a person must see of each state, once nothing is on its way any more. */
const looks: Record<string, (seen: Seen) => Promise<void>> = {
  there: isDone,
  empty: isDone,
  loading: async ({ isReading }) => {
    await waitFor(() => expect([headings() > 0 || isWaiting(), isWaiting()]).toEqual([true, isReading()]));
  },
  failed: async ({ isReading }) => (isReading() ? saysWhy() : isDone()),
  refused: async ({ isReading }) => (isReading() ? saysWhy() : isDone()),
  'too often': async ({ isReading }) => (isReading() ? saysWhy() : isDone()),
  offline: async () => {
    await isDone();
    act(() => onlineManager.setOnline(false));
    await screen.findByText(/^Offline since/);
  },
  // Its dialog hides what is under it from those who do not see.
  'session ended': async ({ isReading }) => {
    await waitFor(() => expect([headings() > 0 || isAsked(), isAsked()]).toEqual([true, isReading()]));
  },
  suspended: async ({ page }) => {
    await isDone();
    if (page.path.includes(':teamId')) await screen.findByRole('region', { name: 'This team is suspended' });
  },
};

describe.each(roles)('every page, for a person with the role %s', (role) => {
  describe.each(looked)('when it is %s', (state) => {
    test.each(walked.map((page) => [page.name, page] as const))('%s', async (_, page) => {
      const { gateway, queries } = open(addressOf(page), states[state]!(role));
      if (isThereFor(page, role)) {
        if (!['loading', 'session ended'].includes(state))
          await waitFor(() => expect([headings() + alerts() > 0, queries.isFetching()]).toEqual([true, 0]));
        const isReading = () => gateway.asked.some(({ name }) => !framing.includes(name));
        await looks[state]!({ page, isReading });
      } else await screen.findByRole('heading', { level: 1, name: 'There is nothing here' });
      count += 1;
      expect(headings()).toBeLessThanOrEqual(1);
      // Whatever cannot be done says why.
      for (const button of screen.queryAllByRole('button').filter(({ ariaDisabled }) => ariaDisabled === 'true'))
        expect([button.textContent, button.ariaBusy === 'true' || button.hasAttribute('aria-describedby')]).toEqual([
          button.textContent,
          true,
        ]);
    });
  });
});
