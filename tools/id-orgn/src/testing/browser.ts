import { setTimeout as wait } from 'node:timers/promises';

/** A browser that runs no scripts: it keeps cookies and follows redirects, but not to places it was told to stop at. */
export class Browser {
  private readonly cookies = new Map<string, string>();
  private readonly stopAt: string;

  /** `stopAt` is the origin whose pages are not fetched, because nobody serves them in the test. */
  constructor(stopAt: string) {
    this.stopAt = stopAt;
  }

  /** Goes to a page and on to wherever it redirects; answers where that ended. */
  async visit(url: string | URL, init: RequestInit = {}): Promise<Page> {
    let next = new URL(url);
    let response = await this.send(next, init);
    while (response.headers.has('location')) {
      next = new URL(response.headers.get('location') ?? '', next);
      if (next.origin === this.stopAt) return { url: next, status: response.status, html: '' };
      response = await this.send(next, {});
    }
    return { url: next, status: response.status, html: await response.text() };
  }

  /** Posts the page's form, with its hidden fields and the given ones. */
  async submit(page: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const action = /action="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const hidden = page.html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g);
    const body = new URLSearchParams(fields);
    for (const [, name = '', value = ''] of hidden) body.set(name, value);
    return this.visit(new URL(action, page.url), { method: 'POST', body });
  }

  /** Lets whole seconds pass, the unit of auth_time. */
  async idle(seconds: number): Promise<void> {
    await wait(seconds * 1000);
  }

  private async send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
}
