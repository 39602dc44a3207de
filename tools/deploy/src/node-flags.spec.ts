import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { serviceAllocator, serviceFlags, serviceOptions } from '@orgn/stack/node-flags.mjs';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, { entrypoint?: string[] }>;
};
const command = ['node', ...serviceFlags.filter((flag) => !serviceOptions.includes(flag)), 'deploy/entrypoint.mjs'];

describe('the image', () => {
  test('starts services, and operator commands, with the flags that the embedded stack has', () => {
    expect(dockerfile).toContain(`ENV NODE_OPTIONS="${serviceOptions.join(' ')}"\nENV`);
    expect(dockerfile).toContain(`ENTRYPOINT ${JSON.stringify(command).replaceAll(',', ', ')}\n`);
    expect(services.operator?.entrypoint).toEqual([...command, 'operator']);
    expect(dockerfile).toContain(new URLSearchParams(serviceAllocator).toString().replaceAll('&', ' '));
  });

  test('keeps what Node compiles by these flags, and nobody whom a service runs as may change it', () => {
    expect(dockerfile).toContain(`      ${command.join(' ')} $name`);
    expect(dockerfile).toContain('COPY --from=warmed --chown=root:root /app/.compiled ./.compiled\n');
  });
});
