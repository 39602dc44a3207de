import { expect } from '@jest/globals';
import type { Delivered } from './load.ts';
import type { Stack, UsageRow } from './stack.ts';

/** One answer as the provider itself saw it. */
export interface Generation {
  id: string;
  promptTokens: number;
  /** Handed over, also of an answer that was cut. */
  completionTokens: number;
  finished: boolean;
}

interface Tokens {
  promptTokens: number;
  completionTokens: number;
}

/** Every answer that the simulators began since they were started. */
export async function generationsOf(stack: Stack): Promise<Generation[]> {
  const response = await fetch(`${stack.file.simulators.control}/control/received`);
  const all = (await response.json()) as Record<string, { generations: Generation[] }>;
  return Object.values(all).flatMap(({ generations }) => generations);
}

/**
 * Holds the books of the providers against ours. What was delivered whole is, token for token, an answer that its provider
 * finished, and is charged as that. Of what was not delivered, every answer that a provider finished has a row, and
 * no more is charged than providers produced.
 * @returns both sides for a person
 */
export function expectBooksAgree(
  generations: readonly Generation[],
  delivered: readonly Delivered[],
  rows: UsageRow[],
) {
  const open = new Map(generations.map((generation) => [generation.id, generation]));
  const matched = delivered.map((answer) => [answer, take(open, answer)] as const);
  const isSame = ([answer, said]: (typeof matched)[number]) =>
    said?.finished && said.promptTokens === answer.promptTokens && said.completionTokens === answer.completionTokens;
  expect(matched.filter((pair) => !isSame(pair))).toEqual([]);
  const known = new Set(delivered.map(({ requestId }) => requestId));
  const [ours, others] = [true, false].map((isDelivered) =>
    rows.filter(({ requestId }) => known.has(requestId) === isDelivered),
  ) as [UsageRow[], UsageRow[]];
  const rest = [...open.values()];
  expect(sum(ours)).toEqual(sum(matched.map(([, said]) => said!)));
  expect(rest.filter(({ finished }) => finished).length).toBeLessThanOrEqual(others.length);
  const [produced, charged] = [sum(rest), sum(others.filter(({ costNanoUsd }) => costNanoUsd > 0))];
  expect(charged.promptTokens).toBeLessThanOrEqual(produced.promptTokens);
  expect(charged.completionTokens).toBeLessThanOrEqual(produced.completionTokens);
  return [
    `providers began ${generations.length} answers, ${text(sum(generations))}; rows ${rows.length}, ${text(sum(rows))}`,
    `delivered whole ${ours.length}: ${text(sum(ours))} on both sides`,
    `not delivered: providers began ${rest.length}, ${text(produced)}; rows ${others.length}, charged ${text(charged)}`,
  ].join('\n  ');
}

/** By its id; where we put ours in its place, one with the same figures. */
function take(open: Map<string, Generation>, { answerId, promptTokens, completionTokens }: Delivered) {
  const isLike = (one: Generation) =>
    one.finished && one.promptTokens === promptTokens && one.completionTokens === completionTokens;
  const said = open.get(answerId) ?? [...open.values()].find((one) => one.id.startsWith('gen_') && isLike(one));
  if (said) open.delete(said.id);
  return said;
}

function sum(all: readonly Tokens[]): Tokens {
  return {
    promptTokens: all.reduce((total, { promptTokens }) => total + promptTokens, 0),
    completionTokens: all.reduce((total, { completionTokens }) => total + completionTokens, 0),
  };
}

function text({ promptTokens, completionTokens }: Tokens): string {
  return `${promptTokens} + ${completionTokens} tokens`;
}
