/**
 * What others' packages load at once and no service ever uses, by the paths of the modules, with what stands for them: other
 * databases than ours, other languages of messages that nobody reads, what undici stands in for servers with, the client of a library that is handed
 * all that it verifies, the search for entities in folders, and what looks in TypeORM for names that it had in former releases: for these a second
 * TypeORM was loaded, from beside the bundle and with all of its databases.
 */
const leftOut = [
  [/\/typeorm\/driver\/(?!postgres\/|types\/)[^/]+\/[^/]+\.js$/, 'module.exports = {};'],
  [/\/tinyglobby\/dist\/index\.cjs$/, 'exports.globSync = () => [];'],
  [/\/@nestjs\/typeorm\/dist\/common\/typeorm-compat\.js$/, 'export let Connection, AbstractRepository;'],
  [/\/undici\/lib\/(mock|web\/websocket|web\/eventsource)\/[^/]+\.js$/, 'module.exports = {};'],
  [/\/node-fetch\/lib\/index\.m?js$/, 'module.exports = () => { throw new Error("left out"); };'],
  [/\/zod\/v4\/locales\/(?!en\.js|index\.js)[^/]+\.js$/, 'export default () => { throw new Error("left out"); };'],
];

/** Puts next to nothing in their places. */
export const withoutUnused = {
  name: 'without-unused',
  load: (id) => leftOut.find(([pattern]) => pattern.test(id))?.[1],
};
