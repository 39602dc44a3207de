import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { secretMakers } from '../deploy/secrets/secret-table.mjs';
import { commandsIn, composeCall } from './commands.mjs';
import { runnableBlocks } from './page.mjs';

const root = join(import.meta.dirname, '../..');
const read = (name) => readFileSync(join(root, name), 'utf8');
const page = read('docs/deployment.md');
const compose = parse(read('docker-compose.yml'), { merge: true });
const { scripts } = JSON.parse(read('package.json'));
const settings = Object.keys(parseEnv(read('.env.example')));
const blocks = runnableBlocks(page);

/** Every shell block, run or not: the page tells no command that is not there. */
const shell = [...page.matchAll(/^```sh.*\n([\s\S]*?)^```$/gm)].map(([, text]) => text);
const inline = [...page.matchAll(/`((?:docker compose|npm run|sh deploy)[^`]*)`/g)].map(([, text]) => text);
const commands = [...shell, ...inline].flatMap(commandsIn);
const calls = commands.flatMap((command) => composeCall(command) ?? []);

describe('docs/deployment.md', () => {
  test('has commands to run for each of its parts', () => {
    const headings = blocks.map(({ heading }) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        ...['Try it', 'Day one', 'Providers', 'People', 'Scaling', 'Upgrade', 'Backup and restore', 'Rotating secrets'],
        ...['When something is down', 'Leaving'],
      ]),
    );
    expect(blocks.filter(({ isTrickled }) => isTrickled).map(({ heading }) => heading)).toEqual(['Upgrade']);
  });

  test('names services and profiles that docker-compose.yml has', () => {
    expect(calls.length).toBeGreaterThan(30);
    const placeholders = new Set(['NAME', '…']);
    const profiles = ['*', ...Object.values(compose.services).flatMap(({ profiles: its = [] }) => its)];
    for (const call of calls) {
      const unknown = call.services.filter((name) => !(name in compose.services) && !placeholders.has(name));
      expect([call, unknown]).toEqual([call, []]);
      for (const profile of call.profiles) expect(profiles).toContain(profile);
    }
  });

  test('names operator commands that there are', () => {
    const source = read('tools/operator/src/command-line.ts');
    const known = [...source.matchAll(/^ {2}\['(\w+ \w+)', \w+\],$/gm)].map(([, name]) => name);
    const asked = calls.filter(({ services }) => services[0] === 'operator').map(({ rest }) => rest);
    expect(asked.length).toBeGreaterThan(10);
    for (const [noun = '', verb = ''] of asked) {
      if (noun === '…') continue;
      const isKnown = noun === 'operators' ? ['add', 'list', 'revoke'].includes(verb) : noun in scripts;
      expect([noun, verb, isKnown]).toEqual([noun, verb, true]);
      if (!['operators', 'backup', 'restore'].includes(noun)) expect(known).toContain(`${noun} ${verb}`);
    }
  });

  test('runs scripts that there are', () => {
    for (const command of commands) {
      const [, script] = /^npm run (?:-s )?(\S+)/.exec(command) ?? [];
      if (script) expect([command, script in scripts]).toEqual([command, true]);
      const [, file] = /^sh (\S+)/.exec(command) ?? [];
      if (file) expect([command, existsSync(join(root, file))]).toEqual([command, true]);
    }
  });

  test('writes settings and secrets that are read', () => {
    const secrets = Object.keys(secretMakers);
    const text = shell.join('\n');
    const named = [
      ...[...text.matchAll(/s\|\^(\w+)=/g)].map(([, name]) => name),
      ...[...text.matchAll(/echo '(\w+)=/g)].map(([, name]) => name),
      ...[...text.matchAll(/^([A-Z_]+)=\S*$/gm)].map(([, name]) => name),
    ];
    expect(named).toEqual(
      expect.arrayContaining(['CONSOLE_URL', 'OIDC_CLIENT_SECRET', 'GATEWAY_REPLICAS', 'SMTP_URL']),
    );
    // Compose's own, and those of the shell.
    const others = ['COMPOSE_PROFILES', 'OLD', 'PEPPER', 'NEW', 'DUMP'];
    for (const name of named) expect([...settings, ...secrets, ...others]).toContain(name);
    for (const [, file] of text.matchAll(/secrets\/([a-z_]+)\b(?!\/)/g)) {
      if (file !== 'tls') expect(secrets.map((name) => name.toLowerCase())).toContain(file);
    }
    for (const [, name] of page.matchAll(/`([A-Z][A-Z_]*_[A-Z_]+)`/g)) {
      const isPart = ['CONSOLE_URL', 'NEAR_', 'PHALA_', 'LOCAL_'].includes(name);
      const known = [...settings, ...secrets].some(
        (one) => one === name || (name.endsWith('_') && one.startsWith(name)),
      );
      expect([name, known || isPart]).toEqual([name, true]);
    }
  });

  test('links to what there is', () => {
    for (const [, target] of page.matchAll(/\]\(((?!http)[^)]+)\)/g)) {
      const [file, anchor] = target.split('#');
      const text = file ? readFileSync(join(root, 'docs', file), 'utf8') : page;
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => toAnchor(title));
      if (anchor) expect(anchors).toContain(anchor);
    }
  });
});

function toAnchor(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

describe('blocks that are run', () => {
  test('are those that say so, with their heading, their line and what they begin with', () => {
    const text = [
      '# A',
      '',
      '```sh',
      'no',
      '```',
      '## B',
      '```sh run=production',
      'one',
      'two',
      '```',
      '```sh run trickle',
      'x',
      '```',
    ].join('\n');
    expect(runnableBlocks(text)).toEqual([
      { heading: 'B', line: 8, walk: 'production', isTrickled: false, text: 'one\ntwo' },
      { heading: 'B', line: 12, walk: 'demo', isTrickled: true, text: 'x' },
    ]);
  });

  test.each([
    ['docker compose up -d --no-deps --wait auth gateway', { command: 'up', services: ['auth', 'gateway'] }],
    ["docker compose --profile '*' down -v", { command: 'down', services: [], profiles: ['*'] }],
    [
      'docker compose run --rm -e A=b operator keys list --team t',
      { services: ['operator'], rest: ['keys', 'list', 't'] },
    ],
    ['docker compose logs --since 10m --tail 20 gateway', { services: ['gateway'] }],
  ])('%s is read', (command, expected) => {
    expect(composeCall(command)).toMatchObject(expected);
  });

  test('are read command by command', () => {
    expect(commandsIn('A=1 one --x && two | three # not this\nB=$(four a)\n')).toEqual([
      'one --x',
      'two',
      'three',
      'four a)',
    ]);
  });
});
