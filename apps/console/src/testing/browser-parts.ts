// What browsers have and jsdom has not.

/** Tabs of one browser; a test has one. */
class NoOtherTab {
  onmessage: ((event: MessageEvent) => void) | null = null;
  postMessage(): void {
    // Nobody listens.
  }
  close(): void {
    // Nothing is held.
  }
}

/** Nothing changes its size. */
class NoResize {
  observe(): void {
    // It stays as it is.
  }
  unobserve(): void {
    // It stays as it is.
  }
  disconnect(): void {
    // It stays as it is.
  }
}

/** A wide screen. */
const asWide = (media: string) => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
});

Object.assign(globalThis, { BroadcastChannel: NoOtherTab, ResizeObserver: NoResize });
if ('Element' in globalThis) Object.assign(Element.prototype, { scrollIntoView: () => undefined });
Object.assign(globalThis, { matchMedia: asWide, scrollTo: () => undefined });
