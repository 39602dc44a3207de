import { CSRF_HEADER } from '@orgn/console-api';

export interface Page {
  url: URL;
  status: number;
  html: string;
}

/** A browser that runs no scripts: it keeps cookies and follows redirects. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** Every `set-cookie` line that it was given. */
  readonly given: string[] = [];

  /** Opens an address and whatever it redirects to. */
  async open(address: string | URL): Promise<Page> {
    let url = new URL(address);
    for (let hops = 0; hops < 12; hops += 1) {
      const response = await this.send(url);
      const location = response.headers.get('location');
      if (location === null) return { url, status: response.status, html: await response.text() };
      await response.arrayBuffer();
      url = new URL(location, url);
    }
    throw new Error(`${url.pathname} redirects in a circle.`);
  }

  /** Goes one step and answers where it is sent to. */
  async step(address: string | URL): Promise<URL> {
    const response = await this.send(new URL(address));
    const location = response.headers.get('location');
    await response.arrayBuffer();
    if (location === null) throw new Error(`${new URL(address).pathname} answered ${response.status}, not a redirect.`);
    return new URL(location, address);
  }

  /** Calls the console API as its page does. */
  api(method: string, address: string): Promise<Response> {
    return this.send(new URL(address), { method, headers: { [CSRF_HEADER]: '1' } });
  }

  async send(url: URL, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    this.given.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
