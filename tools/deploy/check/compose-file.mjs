import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A variable whose default holds no further one: those are replaced from the inside out. */
const VARIABLE = /\$\{(\w+)(?::([-+?])([^${}]*))?\}/g;
const NAME = /\$\{(\w+)/g;
const [secretsFolder, certificates, authorities] = ['/run/secrets/', '/run/orgn/tls', '/etc/orgn/ca/'];

/** docker-compose.yml with the settings of a `.env`, as compose reads the two together. */
export class ComposeFile {
  #text;
  #file;
  #root;
  #settings;

  /**
   * @param {string} root the folder of docker-compose.yml
   * @param {Record<string, string | undefined>} settings of the `.env`
   */
  constructor(root, settings) {
    this.#root = root;
    this.#text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    this.#file = parse(this.#text, { merge: true });
    this.#settings = settings;
  }

  /** Variables that compose will not go on without, and that are not set. */
  get missing() {
    const required = [...this.#text.matchAll(VARIABLE)].filter(
      ([, name, kind]) => kind === '?' && !this.#settings[name],
    );
    return [...new Set(required.map(([, name]) => name))];
  }

  /** Every variable that it reads. */
  get variables() {
    return new Set([...this.#text.matchAll(NAME)].map(([, name]) => name));
  }

  /** Names of its secrets. */
  get secrets() {
    return Object.keys(this.#file.secrets);
  }

  /**
   * What a service's container sees, with what is mounted into it where it lies on this host.
   * @param {string} name
   * @param {string} secrets the folder of the secrets
   * @returns {Record<string, string>}
   */
  environmentOf(name, secrets) {
    const declared = Object.entries(this.#file.services[name].environment ?? {});
    return Object.fromEntries(
      declared.map(([key, value]) => [key, this.#onThisHost(name, this.#interpolate(String(value)), secrets)]),
    );
  }

  #interpolate(value) {
    const replaced = value.replaceAll(VARIABLE, (_match, name, kind, rest) => this.#valueOf(name, kind, rest));
    return replaced === value ? value : this.#interpolate(replaced);
  }

  #valueOf(name, kind, rest) {
    const set = this.#settings[name];
    if (kind === '+') return set ? rest : '';
    return set || (kind === '-' ? rest : '');
  }

  #onThisHost(name, value, secrets) {
    if (value.startsWith(secretsFolder)) return join(secrets, value.slice(secretsFolder.length));
    if (value.startsWith(authorities)) return join(this.#root, 'deploy/ca', value.slice(authorities.length));
    return value === certificates ? join(secrets, 'tls', name === 'migrate' ? 'operator' : name) : value;
  }
}
