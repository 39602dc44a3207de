/**
 * The stack layer by layer, from the floor up: each rung does what the one below it does, and one thing more. The lower ones are
 * bare processes of this folder that are made of the built parts of ours (`layers`), the upper ones the stack of `npm start` with
 * what is above them left out (`settings`).
 * @typedef {object} Rung
 * @property {string} name what this rung adds
 * @property {string} adds the same in a few words, for the table
 * @property {'floor' | 'bare' | 'stack'} kind
 * @property {'node' | 'fastify' | 'nest'} [door] what listens, of a bare one
 * @property {readonly string[]} [layers] what a bare one does besides passing bytes on
 * @property {string} [stack] name of the stack that runs it
 * @property {string} [model] which of the bench's models it asks for
 */

/** @type {readonly Rung[]} */
export const rungs = [
  { name: 'floor', adds: 'node:http in, undici out, one process', kind: 'floor' },
  { name: 'channel', adds: 'a second process behind the channel, under TLS', kind: 'bare', door: 'node', layers: [] },
  { name: 'Fastify', adds: 'Fastify instead of node:http', kind: 'bare', door: 'fastify', layers: [] },
  { name: 'Nest', adds: 'Nest on Fastify', kind: 'bare', door: 'nest', layers: [] },
  {
    name: 'parse',
    adds: 'requests read by both processes, answers read and edited',
    kind: 'bare',
    door: 'nest',
    layers: ['parse'],
  },
  {
    name: 'verify',
    adds: 'the registry asked for a ticket, which the router checks',
    kind: 'bare',
    door: 'nest',
    layers: ['parse', 'verify'],
  },
  {
    name: 'usage',
    adds: 'a usage word stored before the answer ends, and settled',
    kind: 'bare',
    door: 'nest',
    layers: ['parse', 'verify', 'usage'],
  },
  {
    name: 'the rest',
    adds: 'our gateway and router: bounds, limits, shares, cuts, catalogue, retries, metrics',
    kind: 'stack',
    stack: 'without holds',
    model: 'local_canned',
  },
  {
    name: 'hold',
    adds: 'money held before, and booked after each answer',
    kind: 'stack',
    stack: 'without a log',
    model: 'local_canned',
  },
  {
    name: 'receipt',
    adds: 'a receipt signed and logged (by a ZDR model)',
    kind: 'stack',
    stack: 'without a log',
    model: 'vercel_canned',
  },
  { name: 'log', adds: 'an access line each', kind: 'stack', stack: 'whole', model: 'vercel_canned' },
];

/** What each stack of the upper rungs is started with: all but the last lack what stands above their rungs. */
export const stackSettings = {
  'without holds': { BILLING: 'off', LOG_LEVEL: 'warn' },
  'without a log': { LOG_LEVEL: 'warn' },
  whole: {},
};
