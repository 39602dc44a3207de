/**
 * What others' packages load at once and no service ever uses, by the paths of the modules, with what stands for them: other
 * databases than ours, and other languages of messages that nobody reads.
 */
const leftOut = [
  [/\/typeorm\/driver\/(?!postgres\/|types\/)[^/]+\/[^/]+\.js$/, 'module.exports = {};'],
  [/\/zod\/v4\/locales\/(?!en\.js|index\.js)[^/]+\.js$/, 'export default () => { throw new Error("left out"); };'],
];

/** Puts next to nothing in their places. */
export const withoutUnused = {
  name: 'without-unused',
  load: (id) => leftOut.find(([pattern]) => pattern.test(id))?.[1],
};
