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

Object.assign(globalThis, { BroadcastChannel: NoOtherTab });
