import { URLSearchParams } from 'node:url';

/** A browser that runs no scripts: it keeps cookies by host, follows redirects, and fills in forms. */
export class Browser {
  #jar = new Map();
  /** How often a form with a password was filled in. */
  passwords = 0;

  /** Opens an address and whatever it redirects to. */
  async open(address, init = {}) {
    let [url, request] = [new URL(address), init];
    for (let hops = 0; hops < 20; hops += 1) {
      const response = await this.send(url, request);
      const location = response.headers.get('location');
      if (location === null) return { url, status: response.status, html: await response.text() };
      await response.arrayBuffer();
      url = new URL(location, url);
      request = {};
    }
    throw new Error(`${url} redirects in a circle.`);
  }

  async send(url, init = {}) {
    const names = this.#jar.get(url.host) ?? new Map();
    const cookie = Array.from(names, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) keep(names, line);
    this.#jar.set(url.host, names);
    return response;
  }

  /** Calls the console API as its pages do. */
  async api(console, method, path, body) {
    const headers = { 'x-orgn-csrf': '1', 'content-type': 'application/json' };
    const response = await this.send(new URL(path, console), {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  /** Sends the form of a page. Fields that it has filled in already stay. */
  async submit(page, fields = {}) {
    const form = /<form[^>]*>[^]*?<\/form>/i.exec(page.html)?.[0];
    if (!form) throw new Error(`${page.url.pathname} has no form (${page.status}).`);
    const action = attribute(/<form[^>]*>/i.exec(form)[0], 'action') ?? page.url.href;
    const values = filledIn(form);
    if (values.has('password')) this.passwords += 1;
    for (const [name, value] of Object.entries(fields)) values.set(name, value);
    return this.open(new URL(action, page.url), {
      method: 'POST',
      body: values.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  }
}

/** What a form holds before anybody types. */
function filledIn(form) {
  const values = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/gi)) {
    const name = attribute(input, 'name');
    if (name && attribute(input, 'type') !== 'checkbox') values.set(name, attribute(input, 'value') ?? '');
  }
  return values;
}

function keep(names, line) {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (value === '' || /max-age=0\b/i.test(line)) names.delete(name);
  else names.set(name, value);
}

function attribute(tag, name) {
  const [, value] = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag) ?? [];
  return value?.replaceAll('&amp;', '&').replaceAll('&#x2F;', '/').replaceAll('&#34;', '"');
}
