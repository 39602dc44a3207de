import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const script = join(import.meta.dirname, '../../../deploy/upgrade.sh');

/** What the containers are: `SERVICE ID IMAGE PUBLISHED-PORT` a line, and ` made` where it never ran. What comes runs the image `new`. */
const docker = `#!/bin/sh
echo "$*" >> "$STATE.calls"
field() { awk -v id="$1" -v n="$2" '$2 == id { print $n }' "$STATE"; }
for last; do :; done
port() { awk -v name="$last" '$1 == name { print $4; exit }' "$STATE"; }
case "$*" in
  'compose ps '*created*) awk -v name="$last" '$1 == name && $5 == "made" { print $2 }' "$STATE" ;;
  'compose ps '*) awk -v name="$last" '$1 == name && $5 == "" { print $2 }' "$STATE" ;;
  *config-hash*) echo hash ;;
  'compose config --hash '*) echo "$last hash" ;;
  'image inspect '*) echo new ;;
  *PortBindings*) echo "$(field "$last" 4) " ;;
  *'{{.Config.Image}}'*) echo orgn-gateway:local ;;
  *'{{.Image}}'*) field "$last" 3 ;;
  *--no-start*) echo "$last $last-next new $(port) made" >> "$STATE" ;;
  *--scale*) [ "$(port)" = 0 ] && echo "$last $last-new-$(wc -l < "$STATE") new 0" >> "$STATE" ;;
  'start '*) [ "$last" != "$FAILS" ] || exit 1; sed -i "s/\\( $last .*\\) made$/\\1/; s/\\( $last .*\\) stopped$/\\1/" "$STATE" ;;
  'stop '*) sed -i "s/ $last .*/& stopped/" "$STATE" ;;
  'rm '*) sed -i "/ $last /d" "$STATE" ;;
esac
exit 0
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

function upgrade(containers: string[], FAILS = 'nothing'): { status: number | null; calls: string[]; left: string[] } {
  writeFileSync(state, `${containers.join('\n')}\n`);
  const env = { PATH: `${dir}:${process.env.PATH}`, STATE: state, FAILS };
  const { status } = spawnSync('sh', [script], { env, encoding: 'utf8' });
  const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n');
  const calls = lines(`${state}.calls`).filter((call) => /^(compose (up|run|exec|kill)|start|stop|rm) /.test(call));
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

test('makes the next one of what has a port of its own before that stops, and starts it at once', () => {
  const { status, calls, left } = upgrade(['gateway a old 8080']);
  expect([status, calls.slice(3)]).toEqual([
    0,
    [
      'compose up --no-start --no-build --no-deps --no-recreate --scale gateway=2 gateway',
      'stop a',
      'start gateway-next',
      'rm a',
      'compose up --detach --no-build --no-deps --wait --no-recreate --scale gateway=1 gateway',
    ],
  ]);
  expect(left).toEqual(['gateway gateway-next new 8080']);
});

test('replaces one after the other where each has one of a few ports', () => {
  const { status, calls, left } = upgrade(['gateway a old 8180-8181', 'gateway b old 8180-8181']);
  expect([status, left.map((line) => line.split(' ')[2])]).toEqual([0, ['new', 'new']]);
  expect(calls.filter((call) => /^(stop|start|rm) /.test(call))).toEqual([
    ...['stop a', 'start gateway-next', 'rm a', 'stop b', 'start gateway-next', 'rm b'],
  ]);
});

test('starts the one before again where the next one does not', () => {
  const { status, left } = upgrade(['auth a old 8081'], 'auth-next');
  expect([status, left]).toEqual([1, ['auth a old 8081', 'auth auth-next new 8081 made']]);
});

test('takes away what an interrupted run has made and not started', () => {
  const { status, left } = upgrade(['auth a old 8081', 'auth b older 8081 made']);
  expect([status, left]).toEqual([0, ['auth auth-next new 8081']]);
});

test('leaves alone what is as it should be, and what does not run', () => {
  const { status, calls } = upgrade(['gateway a new 0', 'key-registry b new 0']);
  expect([status, calls.slice(3)]).toEqual([0, []]);
});
