import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Contract } from '@orgn/contracts';
import { toJsonSchema, type Schema } from './json-schema.ts';
import { refusals } from './refusals.ts';

/** A message: what is read of it, and what may be written where that is not the same. */
interface Said {
  read: Schema;
  written?: Schema;
}

/** A contract as a release has it. */
export interface RecordedContract {
  kind: Contract['kind'];
  subject: string;
  /** Whether it travels in batches, as a list. */
  isBatched: boolean;
  /** Who may say it, and who takes it. */
  from: readonly string[];
  to: readonly string[];
  question: Said | null;
  answer: Said | null;
}

/** What a contract looks like on the wire. */
export function toRecorded(contract: Contract): RecordedContract {
  const { kind, subject } = contract;
  const isBatched = 'maxBatch' in contract;
  const [from, to] = partiesOf(contract);
  return { kind, subject, isBatched, from, to, ...sidesOf(contract) };
}

function sidesOf(contract: Contract): Pick<RecordedContract, 'question' | 'answer'> {
  // Askers and publishers send what they were given; answers are sent as the responder's handler made them.
  if (!('reply' in contract)) return { question: { read: toJsonSchema(contract.payload, 'input') }, answer: null };
  const read = toJsonSchema(contract.reply, 'input');
  const written = toJsonSchema(contract.reply, 'output');
  const answer = isDeepStrictEqual(read, written) ? { read } : { read, written };
  return { question: { read: toJsonSchema(contract.request, 'input') }, answer };
}

function partiesOf(contract: Contract): [readonly string[], readonly string[]] {
  switch (contract.kind) {
    case 'event':
      return [contract.publishedBy, contract.consumedBy];
    case 'broadcast':
      return [contract.saidBy, contract.heardBy];
    default:
      return [contract.askedBy, contract.answeredBy];
  }
}

/**
 * Why services of a release and of now could not work side by side, one line each: whatever one of them may say by a contract has
 * to be understood by the other, in both directions.
 */
export function incompatibilities(released: RecordedContract, now: RecordedContract | undefined): string[] {
  const { subject } = released;
  if (!now) return [`${subject}: is gone`];
  const faults = [
    ...(released.kind === now.kind ? [] : [`is of another kind`]),
    ...(released.isBatched === now.isBatched ? [] : ['batches are a list, single messages are not']),
    ...released.from.filter((party) => !now.from.includes(party)).map((party) => `${party} may no longer say it`),
    ...released.to.filter((party) => !now.to.includes(party)).map((party) => `${party} no longer takes it`),
    ...between('question', released.question, now.question),
    ...between('answer', released.answer, now.answer),
  ];
  return faults.map((fault) => `${subject}: ${fault}`);
}

function between(what: string, released: Said | null, now: Said | null): string[] {
  if (!released || !now) return released === now ? [] : [`has no ${what} any more, or one for the first time`];
  return [
    ...refusals(released.read, now.written ?? now.read).map((fault) => `${what} of now, read by the release: ${fault}`),
    ...refusals(now.read, released.written ?? released.read).map(
      (fault) => `${what} of the release, read now: ${fault}`,
    ),
  ];
}

/** Contracts that were recorded in a folder, one file each. */
export function readRecorded(folder: string): RecordedContract[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RecordedContract);
}

/** Records these contracts as the release that later ones have to get along with. */
export function record(folder: string, contracts: readonly Contract[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const contract of contracts) {
    writeFileSync(join(folder, `${contract.subject}.json`), `${JSON.stringify(toRecorded(contract), null, 2)}\n`);
  }
}
