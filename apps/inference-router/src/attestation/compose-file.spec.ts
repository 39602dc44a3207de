import { describe, expect, test } from '@jest/globals';
import { composeChanges } from './compose-file.ts';

const file = (...lines: string[]) =>
  JSON.stringify({ manifest_version: 2, runner: 'docker-compose', docker_compose_file: lines.join('\n') });
const [services, model, proxy] = ['services:', '  model: a@sha256:aa', '  proxy: b@sha256:bb'] as const;

describe('what changed in a compose file', () => {
  test('are the lines that only one of the two has, in the file that it holds', () => {
    const next = file(services, '  model: a@sha256:cc', proxy, '  privileged: true');
    expect(composeChanges(file(services, model, proxy), next)).toEqual([
      '-   model: a@sha256:aa',
      '+   model: a@sha256:cc',
      '+   privileged: true',
    ]);
  });

  test('are other members, and a line that stands there once more', () => {
    const former = file(services, model, model);
    const next = JSON.stringify({ ...(JSON.parse(file(services, model, model, model)) as object), kms_enabled: false });
    expect(composeChanges(former, next)).toEqual(['+   model: a@sha256:aa', '+ kms_enabled: false']);
    expect(composeChanges(former, former)).toEqual([]);
  });

  test('is told in lines that are short and few, whatever a provider writes', () => {
    const next = file(
      ...Array.from({ length: 50_000 }, (_, at) => `${at}\u0007\u202e${'x'.repeat(2)}`),
      'y'.repeat(90_000),
    );
    const changes = composeChanges('no JSON\nat all', next);
    expect(changes).toHaveLength(121);
    expect(changes.at(-1)).toMatch(/^… and \d+ more lines$/);
    expect(Math.max(...changes.map((line) => line.length))).toBeLessThan(210);
    expect(changes.join('')).not.toMatch(/\p{C}/u);
  });
});
