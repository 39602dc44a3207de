/** An answer of the console API. */
export interface Answer<T> {
  status: number;
  body: T;
}

/** Somebody with a browser that keeps cookies, follows redirects and runs no scripts: what `curl -L -c jar -b jar` is. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** @param console origin of the console host */
  constructor(readonly console: string) {}

  /** Signs in as a demo user; answers the page it ended on. */
  async signIn(email: string): Promise<{ status: number; url: string }> {
    const response = await this.get(`${this.console}/api/auth/login?login_hint=${encodeURIComponent(email)}`);
    await response.arrayBuffer();
    return { status: response.status, url: response.url };
  }

  /** Opens a page, and whatever it redirects to. */
  async get(address: string): Promise<Response> {
    let url = new URL(address, this.console);
    let response = await this.#send(url, {});
    while (response.headers.has('location')) {
      url = new URL(response.headers.get('location')!, url);
      await response.arrayBuffer();
      response = await this.#send(url, {});
    }
    Object.defineProperty(response, 'url', { value: url.href });
    return response;
  }

  /** Calls the console API as its page does. */
  async api<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const response = await this.#send(new URL(path, this.console), {
      method,
      headers: { 'content-type': 'application/json', 'x-orgn-csrf': '1' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** Sends a request as the page does; the answer may be a stream. */
  send(path: string, init: RequestInit): Promise<Response> {
    return this.#send(new URL(path, this.console), init);
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string> | undefined), cookie };
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '' || /max-age=0/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
