import { exportPerson, type PersonalEntry, type ReplyOf } from '@orgn/contracts';
import type { Command } from '../command.ts';
import { parseFlags } from '../flag-values.ts';

/** Prints everything that is held of a person as JSON, for them to have. */
export const exportPersonCommand: Command = {
  synopsis: '--id USER_ID',
  flags: ['id'],

  async run(flags, session) {
    const { id } = parseFlags(exportPerson.request.pick({ id: true }), { id: flags.id }, { id: 'id' });
    const bus = await session.bus();
    const auditEntries: PersonalEntry[] = [];
    let page: ReplyOf<typeof exportPerson>;
    let cursor: string | null = null;
    do {
      page = await bus.ask(exportPerson, { id, cursor });
      auditEntries.push(...page.entries);
      cursor = page.next;
    } while (cursor !== null);
    const all = { ...page.data, auditEntries };
    await session.print(all, () => JSON.stringify(all, null, 2));
  },
};
