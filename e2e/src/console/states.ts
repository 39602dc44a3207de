import { errorTable, type ErrorCode } from '@orgn/contracts';
import type { Page, Route } from 'playwright-core';
import { eventually } from '../stack.ts';

/** What frames every page: without it there is none. */
const FRAMING = /^\/api\/(session|deployment|teams|teams\/[^/]+)$/;

/** What becomes of what a page asks for beyond its frame. */
type Answer = (route: Route) => Promise<void>;

const passed: Answer = (route) => route.continue();
const refused =
  (code: ErrorCode): Answer =>
  (route) => {
    const { status } = errorTable[code];
    const problem = { type: `urn:orgn-gateway:problem:${code}`, title: code, status, code };
    const body = JSON.stringify({ ...problem, detail: 'What to do is said here.', requestId: 'request-1' });
    return route.fulfill({ status, contentType: 'application/problem+json', headers: { 'retry-after': '30' }, body });
  };
/** The answer as it is where nothing was done yet: its lists have nothing in them. */
const emptied: Answer = async (route) => {
  const response = await route.fetch();
  const whole = (await response.json()) as Record<string, unknown>;
  const json = Object.fromEntries(
    Object.entries(whole).map(([name, value]) => [
      name,
      Array.isArray(value) ? [] : name === 'nextCursor' ? null : value,
    ]),
  );
  await route.fulfill({ response, json });
};
/** Where people choose names, and where providers do. */
const NAMES = new Set(['name', 'displayName', 'label', 'ownedBy', 'email', 'model', 'reason', 'suspensionReason']);
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverordnung';
/** The answer as it is where every name is as long as one may be, and a single word. */
const lengthened: Answer = async (route) => {
  const response = await route.fetch();
  const text = JSON.stringify(await response.json(), (name, value: unknown) =>
    NAMES.has(name) && typeof value === 'string' ? `${value}${LONG}`.slice(0, 64) : value,
  );
  await route.fulfill({ response, body: text });
};
const silent: Answer = () => new Promise(() => undefined);

/** How a page comes to be in a state. */
export interface State {
  answer: Answer;
  /** Changes the team that the page is about. */
  team?: object;
  /** What a person sees then, where the page asks for anything. */
  shows?: (page: Page) => Promise<void>;
}

const isThere = async (page: Page) => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
};
const saysWhy = (page: Page) => page.getByRole('alert').first().waitFor();

/** Each state that a page can be in: how it comes about, and what is seen of it. */
export const states: Record<string, State> = {
  there: { answer: passed, shows: isThere },
  loading: { answer: silent, shows: (page) => page.getByText('Loading').first().waitFor({ state: 'attached' }) },
  empty: { answer: emptied, shows: isThere },
  'full of long names': { answer: lengthened, shows: isThere },
  failed: { answer: refused('service_unavailable'), shows: saysWhy },
  refused: { answer: refused('not_permitted'), shows: saysWhy },
  'too often': { answer: refused('rate_limit_exceeded'), shows: saysWhy },
  offline: {
    answer: passed,
    shows: async (page) => {
      await isThere(page);
      await page.context().setOffline(true);
      await page.getByText(/^Offline since/).waitFor();
    },
  },
  'session ended': {
    answer: refused('not_signed_in'),
    shows: (page) => page.getByRole('link', { name: 'Sign in again' }).waitFor(),
  },
  suspended: { answer: passed, team: { standing: 'suspended', suspensionReason: 'unpaid since May' }, shows: isThere },
};

/** Opens an address in one of the states, and waits until that is seen. */
export async function openIn(page: Page, address: string, { answer, team, shows }: State): Promise<void> {
  let asked = 0;
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().setOffline(false);
  await page.route('**/api/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (route.request().method() !== 'GET') return route.continue();
    if (team && /^\/api\/teams\/[^/]+$/.test(pathname)) {
      const response = await route.fetch();
      return route.fulfill({ response, json: { ...((await response.json()) as object), ...team } });
    }
    if (FRAMING.test(pathname)) return route.continue();
    asked += 1;
    return answer(route).catch(() => undefined);
  });
  await page.goto(address);
  // What a page asks for, it asks for with its first drawing.
  await eventually(async () => {
    const drawn = await page.locator('h1, [role="alert"], [aria-busy="true"] .unseen, [role="dialog"]').count();
    if (drawn === 0) throw new Error(`nothing is drawn at ${address}`);
  });
  const isAsking = asked > 0 || (await page.locator('[aria-busy]').count()) > 0;
  await (isAsking && shows ? shows(page) : isThere(page));
}
