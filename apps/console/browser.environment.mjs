import { TestEnvironment } from 'jest-environment-jsdom';

/** What browsers and Node have, and jsdom has not. */
const { TextEncoder, TextDecoder, Response, Request, Headers, structuredClone, AbortController, AbortSignal } =
  globalThis;
const parts = { TextEncoder, TextDecoder, Response, Request, Headers, structuredClone, AbortController, AbortSignal };
// What Node's crypto makes and takes are arrays of Node's.
const { crypto, Uint8Array, ArrayBuffer, DataView } = globalThis;

/** jsdom with the rest of a browser, as far as Node has it. */
export default class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, parts, { Uint8Array, ArrayBuffer, DataView });
    Object.defineProperty(this.global, 'crypto', { value: crypto, configurable: true });
  }
}
