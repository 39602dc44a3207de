import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';

/** What `docker` answers, or undefined where it does not. */
function docker(args, env = process.env) {
  const { status, stdout } = spawnSync('docker', args, { encoding: 'utf8', env, timeout: 20_000 });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * The Docker engine that answers here, with compose.
 * @returns {{ version: string, compose: string, inside: string[] } | { missing: string }} `inside`: what has to stand before a
 * command so that it reaches what the engine publishes
 */
export function findEngine() {
  const version = docker(['version', '--format', '{{.Server.Version}}']);
  if (!version) return { missing: 'no Docker engine answers here' };
  const compose = docker(['compose', 'version', '--short']);
  if (!compose) return { missing: 'the Docker client here has no compose' };
  return { version, compose, inside: commandInside() };
}

/** An engine may have a network of its own, and so its own loopback: told by a pid file beside its socket. */
function commandInside() {
  const socket = /^unix:\/\/(.*)$/.exec(process.env.DOCKER_HOST ?? '')?.[1];
  const file = socket && join(dirname(socket), 'dockerd.pid');
  if (!file || !existsSync(file)) return [];
  const net = `/proc/${readFileSync(file, 'utf8').trim()}/ns/net`;
  if (!existsSync(net) || readlinkSync(net) === readlinkSync('/proc/self/ns/net')) return [];
  return ['nsenter', `--net=${net}`];
}

/**
 * Images of others that are here by their tag and not by the digest that the project names: stand-ins.
 * @param {string} explained the text of .env.example
 * @returns {Record<string, string>} the variables that choose them
 */
export function standIns(explained) {
  const images = Object.entries(parseEnv(explained)).filter(([name]) => /^ORGN_\w+_IMAGE$/.test(name));
  const chosen = images.flatMap(([name, image]) => {
    const [tag] = image.split('@');
    const isHere = (reference) => docker(['image', 'inspect', '--format', 'x', reference]) !== undefined;
    return process.env[name] || isHere(image) || !isHere(tag) ? [] : [[name, tag]];
  });
  return Object.fromEntries(chosen);
}
