import { existsSync } from 'node:fs';
import chromiumPackage from '@sparticuz/chromium';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

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

/** From good to small, as WebP counts it. */
const QUALITIES = [70, 55, 40, 25];

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
  ) {
    page.on('pageerror', (error) => this.pageErrors.push(error.message));
  }

  static async arrive(browser: Browser, console: string, theme: Theme = 'light', size?: Size): Promise<Person> {
    const own = { locale: 'en-GB', timezoneId: 'UTC', colorScheme: theme } as const;
    const context = await browser.newContext({ ...own, ...(size && { viewport: size }) });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: console });
    await context.addInitScript(watch);
    return new Person(context, await context.newPage(), console);
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

  /** What sticks out of a narrow phone, or of a wide window at four times its size, where the page does. */
  async overflow(): Promise<string[]> {
    const before = this.page.viewportSize();
    await this.page.setViewportSize({ width: 320, height: 640 });
    const over = await this.page.evaluate<string[]>(
      `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
         .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.table-frame, pre'))
         .map((one) => one.outerHTML.slice(0, 120))`,
    );
    if (before) await this.page.setViewportSize(before);
    return over;
  }

  /** Shows the page in a theme, as the person would choose it. */
  async wear(theme: Theme): Promise<void> {
    await this.page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await this.rest();
  }

  /** What axe finds against the rules, as `rule: element`. */
  async faults(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const found: { id: string; nodes: { target: string[] }[] }[] = await this.page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
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
