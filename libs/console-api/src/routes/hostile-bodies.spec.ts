import { describe, expect, test } from '@jest/globals';
import { parseRequest, ServiceError } from '@orgn/contracts';
import { processorTimeOf } from '@orgn/testing';
import { z } from 'zod';
import { consoleRoutes } from './index.ts';

/** As many as fit the largest body of the console. */
const many = Array.from({ length: 300_000 }, () => ({}));
const wide = Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`n${at}`, {}]));
const long = 'x'.repeat(1_000_000);

/** Every member of what a route takes. */
const members = consoleRoutes.flatMap(({ name, body, query }) =>
  [body, query].flatMap((schema) =>
    schema instanceof z.ZodObject
      ? Object.keys(schema.shape).map((member) => [`${name}: ${member}`, schema, member] as const)
      : [],
  ),
);

/** What is refused of it is said by a ServiceError and nothing else. */
function refuse(schema: Parameters<typeof parseRequest>[0], value: unknown): void {
  try {
    parseRequest(schema, value);
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
  }
}

describe('what is sent to the console', () => {
  test.each(members)('is refused at once, however much of it is wrong: %s', (_, schema, member) => {
    for (const value of [many, wide, long, [many], { a: many }])
      expect(processorTimeOf(() => refuse(schema, { [member]: value }))).toBeLessThan(500);
  });

  test('is refused at once where its members are none', () => {
    const all = () => consoleRoutes.forEach(({ body }) => refuse(body, wide));
    expect(processorTimeOf(all) / consoleRoutes.length).toBeLessThan(200);
  });
});
