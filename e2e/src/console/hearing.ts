import type { BrowserContext, Page } from 'playwright-core';

/** What a page tells of itself: something that a screen reader would say by itself, or a change that the console API has made. */
type Told = { heard: string } | { changed: string };

/** Regions of which whatever comes into them is said. */
const LIVE = '[role="status"], [role="alert"], [aria-live]:not([aria-live="off"])';

/** As screen readers do: what comes into a region that was there before is said, and an alert as a whole when it appears. */
const listen = `
  (() => {
    const live = '${LIVE.replaceAll("'", '')}';
    const canHear = (one) => !one.closest('[aria-hidden="true"], [aria-busy="true"], button');
    const say = (region, text) => text.trim() !== '' && canHear(region) && window.tellOfPage({ heard: text.trim() });
    const seen = ({ type, target, addedNodes }) => {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      if (region) say(region, type === 'characterData' ? target.data : [...addedNodes].map((node) => node.textContent).join(' '));
      else for (const node of addedNodes)
        if (node.nodeType === 1)
          for (const alert of [node, ...node.querySelectorAll('*')].filter((one) => one.role === 'alert')) say(alert, alert.textContent);
    };
    new MutationObserver((records) => records.forEach(seen)).observe(document, { subtree: true, childList: true, characterData: true });
    const { fetch } = window;
    window.fetch = async (address, options) => {
      const response = await fetch(address, options);
      const method = options?.method ?? 'GET';
      if (response.ok && method !== 'GET') window.tellOfPage({ changed: method + ' ' + new URL(address, location).pathname });
      return response;
    };
  })()`;

/** What somebody hears who does not see the page. */
export class Hearing {
  readonly #told: Told[] = [];

  /** Listens to all pages of a browser's context from their beginning. */
  async attend(context: BrowserContext): Promise<void> {
    await context.exposeFunction('tellOfPage', (told: Told) => void this.#told.push(told));
    await context.addInitScript(listen);
  }

  /** What was said, in its order. */
  heard(): string[] {
    return this.#told.flatMap((one) => ('heard' in one ? [one.heard] : []));
  }

  /** How often that was said. */
  count(text: string): number {
    return this.heard().filter((one) => one === text).length;
  }

  /** Changes after which nothing was said. */
  unsaid(): string[] {
    const last = this.#told.findLastIndex((one) => 'heard' in one);
    return this.#told.slice(last + 1).flatMap((one) => ('changed' in one ? [one.changed] : []));
  }

  /** Regions that were to say something and cannot, as they stand. */
  deaf(page: Page): Promise<string[]> {
    // An open dialog hides whatever has not the attribute itself.
    return page.evaluate(
      `[...document.querySelectorAll('[role="status"], [aria-live]')]
         .filter((one) => !one.hasAttribute('aria-live') || one.closest('[aria-hidden="true"], [aria-busy="true"], button'))
         .map((one) => one.outerHTML.slice(0, 120))`,
    );
  }
}
