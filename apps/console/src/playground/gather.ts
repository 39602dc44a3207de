import type { Growth } from './conversation.ts';

/** How long a page that nobody looks at, which draws no frames, lets what has come wait. */
const UNSEEN_MS = 250;

/**
 * Gathers what comes between two frames of the screen, so that a fast answer is drawn once a frame and not once a word.
 * @param draw gets all that has come since it was last called
 */
export function gather(draw: (growth: Growth) => void) {
  let waiting: Growth[] = [];
  let cancel: (() => void) | undefined;

  const flush = () => {
    cancel?.();
    cancel = undefined;
    if (waiting.length === 0) return;
    const all = waiting;
    waiting = [];
    draw({
      text: all.map(({ text = '' }) => text).join(''),
      reasoning: all.map(({ reasoning = '' }) => reasoning).join(''),
      calls: all.flatMap(({ calls = [] }) => calls),
    });
  };

  return {
    /** @param first is called where nothing has come before */
    add(growth: Growth, first: () => void): void {
      if (waiting.length === 0) first();
      waiting.push(growth);
      cancel ??= soon(flush);
    },
    /** Draws what still waits. */
    end: flush,
  };
}

/** Before the next frame, or after a while where there is none. @returns what calls it off */
function soon(work: () => void): () => void {
  const frame = requestAnimationFrame(work);
  const timer = setTimeout(work, UNSEEN_MS);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
