import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretNames, type ConfigClass } from '@orgn/service-kit';
import type { z } from 'zod';
import { conditions, toolVariables } from './other-variables.ts';
import { settingDocs } from './setting-docs.ts';

type AnyConfig = Pick<ConfigClass<z.ZodObject>, 'schema'>;

/** Whose settings a section of the page lists. */
export interface Section {
  title: string;
  /** The file that reads them, from the root of the repository. */
  file: string;
  config: AnyConfig;
}

const kit = 'libs/service-kit/src';
/** Where settings are described that several configuration classes have. */
const sharedFiles = [
  `${kit}/config/base-config.ts`,
  `${kit}/config/tls-settings.ts`,
  `${kit}/config/connection-settings.ts`,
  // Of what several have, the general word counts.
  'apps/inference-router/src/archive/archive-settings.ts',
  `${kit}/config/database-settings.ts`,
  `${kit}/admission/admission-keys.ts`,
  'apps/inference-router/src/transparency/log-settings.ts',
  'apps/key-registry/src/keys/peppers.ts',
];

const head = `# Configuration

Every variable that is read anywhere, made of the code that reads it: \`UPDATE_DOCS=1\` on
\`tools/deploy/src/configuration-page.spec.ts\` writes it again. \`npm run secrets -- --check\` says what a deployment lacks or contradicts,
all at once, and so does each service that does not start. A change takes effect with a restart of what reads it; which models a
router serves is followed by every gateway within 5 s without one, and \`models.yaml\` and certificates need none at all.

Each setting NAME may come as NAME_FILE, the path of a file that holds it; both is an error. A secret (🔒) is gone from the
environment once it was read.
`;

/** The page, from the schemas. @param common what every service has */
export function toPage(root: string, common: AnyConfig, sections: readonly Section[]): string {
  const shared = new Map(sharedFiles.flatMap((file) => [...settingDocs(join(root, file))]));
  const base = Object.keys(common.schema.shape);
  const parts = sections.map(({ title, file, config }) => {
    const docs = new Map([...shared, ...settingDocs(join(root, file))]);
    const names = Object.keys(config.schema.shape).filter((name) => /^[A-Z]/.test(name));
    const own =
      config === common ? names : names.filter((name) => !base.includes(name) || !('OPS_PORT' in config.schema.shape));
    return `## ${title}\n\nRead in \`${file}\`.\n\n${toTable(own.map((name) => rowOf(root, name, config, docs)))}`;
  });
  return [head, ...parts, composeSection(root), toolSection()].join('\n');
}

function rowOf(root: string, name: string, config: AnyConfig, docs: Map<string, string>): string[] {
  const parsed = (config.schema.shape[name] as z.ZodType).safeParse(undefined);
  const isNeeded = !parsed.success;
  const needed = isNeeded ? 'always' : (conditions[name] ?? '');
  const secret = secretNames(config).includes(name) ? ' 🔒' : '';
  return [`\`${name}\`${secret}`, isNeeded ? '' : toDefault(root, parsed.data), needed, docs.get(name) ?? ''];
}

function toDefault(root: string, value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.replace(root, '').replace(/^\//, '')}\``;
}

function composeSection(root: string): string {
  const rows: string[][] = [];
  let words: string[] = [];
  let isOpen = false;
  for (const line of readFileSync(join(root, '.env.example'), 'utf8').split('\n')) {
    if (line.startsWith('#')) {
      if (!isOpen) words = [];
      isOpen = true;
      words.push(line.replace(/^#\s?/, ''));
      continue;
    }
    isOpen = false;
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) rows.push([`\`${name}\``, value && `\`${value}\``, words.join(' ')]);
  }
  const intro =
    'Read in `docker-compose.yml` from `.env`, and handed on to the services above where the name is theirs.';
  return `## docker compose\n\n${intro}\n\n${toTable(rows, ['variable', 'default', 'what it is'])}`;
}

function toolSection(): string {
  const rows = Object.entries(toolVariables).map(([name, words]) => [`\`${name}\``, words]);
  const intro =
    '`npm start` also hands every setting of a service on that its environment names, but for secrets and addresses.';
  return `## The embedded stack, tools and tests\n\n${intro}\n\n${toTable(rows, ['variable', 'who reads it, and for what'])}`;
}

function toTable(rows: readonly string[][], columns = ['variable', 'default', 'needed', 'what it is']): string {
  const toLine = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return toLine(columns) + toLine(columns.map(() => '---')) + rows.map(toLine).join('');
}
