import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string; action: string } }[] }[];
}
const rules = (parse(readFileSync(join(root, 'deploy/alerts.yaml'), 'utf8')) as Rules).groups.flatMap(
  (group) => group.rules,
);

/** Names as they stand in the code that makes the metrics. */
const made = new Set(
  globSync(['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: root, exclude: (name) => name.endsWith('.spec.ts') })
    .flatMap((file) => readFileSync(join(root, file), 'utf8').match(/'orgn_[a-z_]+'/g) ?? [])
    .map((quoted) => quoted.slice(1, -1)),
);

test.each(rules)('$alert watches metrics that services have, and says what to do', ({ expr, annotations }) => {
  const named = expr.match(/orgn_[a-z_]+/g) ?? [];
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !made.has(name))).toEqual([]);
  expect(annotations).toEqual({ summary: expect.any(String), action: expect.any(String) });
});

test('the fill of the usage stream, its lag, what is unsettled and what was put aside are watched', () => {
  const watched = rules.map(({ expr }) => expr).join('\n');
  for (const name of ['stream_bytes', 'stream_oldest_seconds', 'consumer_pending', 'quarantined_total'])
    expect(watched).toContain(`orgn_usage_${name}`);
  expect(watched).toContain('orgn_events_unsettled');
});
