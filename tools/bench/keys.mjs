import { createTeam, creditTeam, issueKey } from '@orgn/contracts';
import { openBus } from './bus.mjs';

/** Work for a service that is asked so many questions at a time. */
const lanes = 16;

/** Has a stack issue keys. @returns {Promise<string[]>} */
export async function issueKeys({ stack }, count) {
  const { teamId } = stack.demo;
  return withOperator(stack, count, async (bus, index) => {
    const { key } = await bus.ask(issueKey, { teamId, name: `bench ${index}` });
    return key;
  });
}

/** Gives the demo team money: what its open requests could cost at most is held, all of it. @param {string} usd decimal */
export async function fund({ stack }, usd) {
  const { teamId } = stack.demo;
  const money = { amount: usd, reason: 'bench', idempotencyKey: 'bench-fund' };
  await withOperator(stack, 1, (bus) => bus.ask(creditTeam, { teamId, ...money }));
}

/** Teams with money, and a key of each. @returns {Promise<string[]>} the keys */
export async function openTeams({ stack }, count) {
  return withOperator(stack, count, async (bus, index) => {
    const teamId = `team_bench_${index}`;
    await bus.ask(createTeam, { id: teamId, name: `Bench ${index}` });
    const money = { amount: '25.00', reason: 'bench', idempotencyKey: `bench-${teamId}` };
    await bus.ask(creditTeam, { teamId, ...money });
    const { key } = await bus.ask(issueKey, { teamId, name: 'bench' });
    return key;
  });
}

async function withOperator(stack, count, ask) {
  const bus = await openBus(stack, 'operator');
  try {
    const found = [];
    let next = 0;
    const work = async () => {
      while (next < count) found.push(await ask(bus, next++));
    };
    await Promise.all(Array.from({ length: lanes }, work));
    return found;
  } finally {
    await bus.connection.close();
  }
}
