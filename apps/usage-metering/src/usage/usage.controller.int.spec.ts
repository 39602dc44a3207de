import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listUsage, summarizeUsage, type TeamId, type UsageEvent } from '@orgn/contracts';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeRequestId, makeUsageEvent } from './make.ts';
import { Witnesses } from './testing/witnesses.ts';

const schema = 'usage_metering';
const MINUTE_MS = 60_000;

let backbone: Backbone;
let witnesses: Witnesses;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
  witnesses = new Witnesses(backbone.bus);
  await say(makeUsageEvent({ teamId: 'team_other' }));
});

afterAll(async () => {
  witnesses.close();
  await backbone.stop();
});

/** Publishes events of one team and waits until their rows are there. */
async function say(...events: [UsageEvent, ...UsageEvent[]]): Promise<void> {
  await witnesses.publish(...events);
  const requests = new Set(events.map((event) => event.data.requestId));
  await eventually(async () => {
    const { rows } = await backbone.bus.ask(listUsage, { teamId: events[0].subject });
    expect(rows.filter((row) => requests.has(row.requestId))).toHaveLength(requests.size);
  });
}

describe('usage.summarize', () => {
  test("adds up a team's requests, whatever their outcome, and nobody else's", async () => {
    const usage = { teamId: 'team_sums', promptTokens: 7, completionTokens: 3, costNanoUsd: 11 };
    const outcomes = ['completed', 'cancelled', 'failed', 'withheld'] as const;
    const [first, ...more] = outcomes.map((outcome) =>
      makeUsageEvent({ ...usage, requestId: makeRequestId(), outcome }),
    );
    await say(first as UsageEvent, ...more);
    const totals = await backbone.bus.ask(summarizeUsage, { teamId: 'team_sums' });
    expect(totals).toEqual({
      requests: 4,
      promptTokens: 28,
      completionTokens: 12,
      costNanoUsd: 44,
      totalNanoUsd: '44',
    });
  });

  test('counts from a moment on, that moment included, in any time zone', async () => {
    const now = Date.now();
    const at = (ms: number) => makeUsageEvent({ teamId: 'team_since', startedAt: new Date(ms).toISOString() });
    await say(at(now - 2 * MINUTE_MS), at(now - MINUTE_MS), at(now));
    const requestsSince = async (since: string) =>
      (await backbone.bus.ask(summarizeUsage, { teamId: 'team_since', since })).requests;
    expect(await requestsSince(new Date(now - MINUTE_MS).toISOString())).toBe(2);
    expect(await requestsSince(new Date(now + 1).toISOString())).toBe(0);
    expect(await requestsSince('1969-12-31T19:00:00-05:00')).toBe(3);
    expect(await requestsSince('9999-12-31T23:59:59Z')).toBe(0);
  });

  test('answers zeros for a team that has used nothing', async () => {
    const totals = await backbone.bus.ask(summarizeUsage, { teamId: 'team_idle' });
    expect(totals).toEqual({ requests: 0, promptTokens: 0, completionTokens: 0, costNanoUsd: 0, totalNanoUsd: '0' });
  });

  test('refuses a team id that is none', async () => {
    const refused = backbone.bus.ask(summarizeUsage, { teamId: "team_' OR 1=1" });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: 'teamId' });
  });
});

describe('usage.list', () => {
  test('walks through all rows in pages, oldest first, each once', async () => {
    const teamId = 'team_pages' as TeamId;
    const now = Date.now();
    const at = (ms: number) => makeUsageEvent({ teamId, requestId: makeRequestId(ms) });
    const [first, ...more] = [5, 3, 1, 4, 2].map((minutes) => at(now - minutes * MINUTE_MS));
    await say(first as UsageEvent, ...more);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { rows: { requestId: string }[]; next: string | null } = await backbone.bus.ask(listUsage, {
        teamId,
        cursor,
        limit: 2,
      });
      seen.push(...page.rows.map((row) => row.requestId));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual([first, ...more].map((event) => event?.data.requestId).sort());
  });

  test('shows what was said, who said it and when it was committed', async () => {
    const before = Date.now();
    const event = makeUsageEvent({ teamId: 'team_row', outcome: 'cancelled', streamed: true }, 'gateway');
    await say(event);
    const { rows, next } = await backbone.bus.ask(listUsage, { teamId: 'team_row' });
    expect(next).toBeNull();
    const { ticket: _ticket, ...said } = event.data;
    const proven = { witness: 'gateway', ownerId: null, lineageId: said.keyId, secondOf: null, source: 'api' };
    expect(rows).toEqual([{ ...said, ...proven, recordedAt: expect.any(String) }]);
    expect(Date.parse(rows[0]?.recordedAt ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('refuses a cursor that is no request id', async () => {
    const refused = backbone.bus.ask(listUsage, { teamId: 'team_pages', cursor: 'first' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: 'cursor' });
  });
});
