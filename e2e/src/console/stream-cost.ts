import type { Page } from 'playwright-core';

const CHUNK = 32;
const CHUNKS = 370;

/** 12 KB of what models write: prose, lists, code, tables. */
const text = Array.from({ length: 60 }, (_, at) => {
  const code = `\`\`\`python\nfor i in range(${at}):\n    print(i)\n\`\`\`\n\n`;
  const table = `| a | b |\n|---|---|\n| ${at} | 2 |\n\n`;
  const prose = `## Part ${at}\n\nSome **bold** prose with \`code\` and a [link](https://a.test/${at}).\n\n- one\n- two\n  - three\n\n`;
  return `${prose}${at % 4 === 0 ? code : table}And a paragraph that goes on, as paragraphs do, until it is over.\n\n`;
})
  .join('')
  .slice(0, CHUNK * CHUNKS);

/**
 * Has the page's next question answered out of the page itself, without a network and without waiting: each chunk as soon as
 * the one before it was taken, and each drawn at once instead of with the next frame.
 */
const feed = `
  window.feed = (member, pieces) => {
    window.requestAnimationFrame = (work) => (queueMicrotask(work), 1);
    window.fetch = async () => {
      window.fedAt = performance.now();
      const encoder = new TextEncoder();
      const events = [...pieces.map((piece) => JSON.stringify({ choices: [{ delta: { [member]: piece } }] })), '[DONE]'];
      const body = new ReadableStream({
        pull: (stream) => {
          const event = events.shift();
          if (event === undefined) stream.close();
          else stream.enqueue(encoder.encode('data: ' + event + '\\n\\n'));
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
  };
  window.drawn = () =>
    new Promise((resolve) => {
      const look = () => {
        // What nobody sees is not laid out, and costs nothing: the plain text is seen as the Markdown is.
        for (const folded of document.querySelectorAll('article.answer details:not([open])')) folded.open = true;
        if ([...document.querySelectorAll('article.answer')].at(-1)?.dataset.state !== 'done') return;
        watch.disconnect();
        resolve(performance.now() - window.fedAt);
      };
      const watch = new MutationObserver(look);
      watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
    });
`;

export interface StreamCost {
  /** Milliseconds until an answer of 370 chunks is drawn: as Markdown, and as the plain text that reasoning is. */
  markdownMs: number;
  plainMs: number;
}

/** What it costs the page, which is open on the playground, to draw a long answer; the best of so many. */
export async function streamCost(page: Page, rounds: number): Promise<StreamCost> {
  await page.evaluate(feed);
  const pieces = Array.from({ length: CHUNKS }, (_, at) => text.slice(at * CHUNK, (at + 1) * CHUNK));
  const once = async (member: string): Promise<number> => {
    if (await page.getByRole('article').first().isVisible())
      await page.getByRole('button', { name: 'Start over' }).click();
    await page.evaluate(([name, all]) => (globalThis as unknown as Fed).feed(name, all), [member, pieces] as const);
    await page.getByLabel('Message').fill('Write');
    const drawn = page.evaluate<number>('window.drawn()');
    await page.getByRole('button', { name: 'Send' }).click();
    return drawn;
  };
  const best = async (member: string) => {
    let least = Infinity;
    for (let round = 0; round < rounds; round += 1) least = Math.min(least, await once(member));
    return least;
  };
  return { plainMs: await best('reasoning_content'), markdownMs: await best('content') };
}

interface Fed {
  feed: (member: string, pieces: readonly string[]) => void;
}
