import { createHash } from 'node:crypto';

/**
 * Picks `count` of the mutants, the same ones for the same seed: from each promise in turn, so that one with much code
 * does not crowd out one with little.
 * @template {{ id: string, promise: string }} M
 * @param {readonly M[]} mutants
 * @param {{ count: number, seed: number }} options
 * @returns {M[]}
 */
export function select(mutants, { count, seed }) {
  const rank = ({ id }) => createHash('sha256').update(`${seed}/${id}`).digest('hex');
  const queues = [...Map.groupBy(mutants, ({ promise }) => promise).values()].map((group) =>
    group.map((mutant) => ({ mutant, rank: rank(mutant) })).sort((a, b) => (a.rank < b.rank ? -1 : 1)),
  );
  const picked = [];
  while (picked.length < count && queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) if (queue.length > 0 && picked.length < count) picked.push(queue.shift().mutant);
  }
  return picked;
}
