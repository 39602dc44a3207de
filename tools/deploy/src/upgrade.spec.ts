import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const script = join(import.meta.dirname, '../../../deploy/upgrade.sh');

/** What the containers are: `SERVICE ID IMAGE PUBLISHED-PORT` a line. Those that come run the image `new`. */
const docker = `#!/bin/sh
echo "$*" >> "$STATE.calls"
field() { awk -v id="$1" -v n="$2" '$2 == id { print $n }' "$STATE"; }
for last; do :; done
case "$*" in
  'compose ps '*) awk -v name="$last" '$1 == name { print $2 }' "$STATE" ;;
  *config-hash*) echo hash ;;
  'compose config --hash '*) echo "$last hash" ;;
  'image inspect '*) echo new ;;
  *PortBindings*) echo "$(field "$last" 4) " ;;
  *'{{.Config.Image}}'*) echo orgn-gateway:local ;;
  *'{{.Image}}'*) field "$last" 3 ;;
  *--scale*) grep -q "^$last .* 0$" "$STATE" || exit 1; echo "$last $last-new-$(wc -l < "$STATE") new 0" >> "$STATE" ;;
  'compose up '*) case $last in nats) ;; *) sed -i "s/^$last .*/$last $last-again new $(awk -v name="$last" '$1 == name { print $4 }' "$STATE")/" "$STATE" ;; esac ;;
  'stop '*|'rm '*) sed -i "/ $last /d" "$STATE" ;;
esac
`;

let dir: string;
let state: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'orgn-upgrade-'));
  state = join(dir, 'state');
  writeFileSync(join(dir, 'docker'), docker);
  chmodSync(join(dir, 'docker'), 0o755);
});
afterEach(() => rmSync(dir, { recursive: true }));

function upgrade(containers: string[]): { status: number | null; calls: string[]; left: string[] } {
  writeFileSync(state, `${containers.join('\n')}\n`);
  const env = { PATH: `${dir}:${process.env.PATH}`, STATE: state };
  const { status } = spawnSync('sh', [script], { env, encoding: 'utf8' });
  const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n');
  const calls = lines(`${state}.calls`).filter((call) => /^(compose (up|run|exec|kill)|stop|rm) /.test(call));
  return { status, calls, left: lines(state) };
}

test('replaces replicas one after the other, the new one first, after the database', () => {
  const { status, calls, left } = upgrade(['gateway a old 0', 'gateway b old 0', 'auth c new 8081']);
  expect([status, calls]).toEqual([
    0,
    [
      'compose up --detach --no-build --no-deps --wait postgres nats',
      'compose exec -T nats sh -c kill -HUP $(pidof nats-server)',
      'compose run --rm --no-deps migrate',
      'compose up --detach --no-build --no-deps --wait --no-recreate --scale gateway=3 gateway',
      'stop a',
      'rm a',
      'compose up --detach --no-build --no-deps --wait --no-recreate --scale gateway=3 gateway',
      'stop b',
      'rm b',
    ],
  ]);
  expect(left.map((line) => line.split(' ')[2])).toEqual(['new', 'new', 'new']);
});

test('stops what has a port of its own before the next one takes it', () => {
  const { status, calls } = upgrade(['gateway a old 8080', 'auth c old 8081']);
  expect([status, calls.slice(3)]).toEqual([
    0,
    ['compose up --detach --no-build --no-deps --wait auth', 'compose up --detach --no-build --no-deps --wait gateway'],
  ]);
});

test('leaves alone what is as it should be, and what does not run', () => {
  const { status, calls } = upgrade(['gateway a new 0', 'key-registry b new 0']);
  expect([status, calls.slice(3)]).toEqual([0, []]);
});
