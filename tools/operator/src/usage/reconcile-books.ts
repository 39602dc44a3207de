import { reconcileBooks, type ReconciledLine, type ReplyOf } from '@orgn/contracts';
import type { Command } from '../command.ts';

/** Recomputes every balance, scope and sum from entries and rows, a line each. Ends with 1 when anything differs. */
export const reconcileBooksCommand: Command = {
  synopsis: '',
  flags: [],

  async run(flags, session) {
    const bus = await session.bus();
    let cursor: string | null = null;
    let [lines, differing] = [0, 0];
    do {
      const page: ReplyOf<typeof reconcileBooks> = await bus.ask(reconcileBooks, { cursor });
      for (const line of page.lines) {
        lines += 1;
        if (line.differing > 0) differing += 1;
        await session.output.line(flags.json ? JSON.stringify(line) : toText(line));
      }
      cursor = page.next;
    } while (cursor !== null && !session.output.isClosed);
    session.isFailed = differing > 0;
    session.output.progress(`${lines} lines, ${differing} differ`);
  },
};

function toText({ teamId, what, name, parts, differing, kept, found }: ReconciledLine): string {
  const verdict = differing === 0 ? 'ok     ' : 'DIFFERS';
  const counts = parts === 1 ? '' : ` ${parts} parts${differing > 0 ? `, ${differing} of them differ` : ''}`;
  return `${verdict} ${teamId} ${what} ${name}:${counts} ${kept}${differing > 0 ? ` kept, ${found} found` : ''} nano-USD`;
}
