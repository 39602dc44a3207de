import hooks from 'eslint-plugin-react-hooks';

/** Folders of the pages that are nouns of ours: they meet on pages alone. */
const nouns = ['start', 'key', 'team', 'audit', 'balance', 'invitation', 'model', 'playground', 'usage', 'operator'];
/** What several of them are made with. */
const shared = ['api', 'markdown', 'page', 'permission', 'proof', 'session', 'shell'];

const under = (glob) => `apps/console/src/${glob}`;

/** What a folder of the pages may not look at. */
const closed = (glob, groups, message, ignores = []) => ({
  files: [under(glob)],
  ignores: ['**/*.spec.ts', '**/*.spec.tsx', ...ignores],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: groups, message }] }] },
});

const markup = 'No text becomes markup.';

/** @type {import('eslint').Linter.Config[]} what holds for the console's pages beside what holds for all */
export const pagesRules = [
  {
    files: ['apps/console/**/*.ts', 'apps/console/**/*.tsx'],
    languageOptions: { parserOptions: { project: ['./apps/console/tsconfig.json'] } },
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // Nothing becomes markup or code that was a text, and nothing is styled where the policy refuses it.
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: markup },
        { selector: 'MemberExpression[property.name=/^(inner|outer)HTML$/]', message: markup },
        { selector: 'JSXOpeningElement[name.name=/^(style|script)$/]', message: 'Styles and scripts are files.' },
      ],
    },
  },
  // A component is mostly the outline of what it draws, and its conditions are what is drawn when.
  {
    files: ['apps/console/**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
    },
  },
  closed(
    'ui/**',
    ['../*/**', '@orgn/*', '@tanstack/*', 'react-router', 'react-router/*'],
    'ui knows React and styles: no route, no query, no noun of ours.',
  ),
  ...shared.map((folder) =>
    closed(
      `${folder}/**`,
      nouns.map((noun) => `../${noun}/**`),
      'What several nouns are made with knows none of them.',
    ),
  ),
  ...nouns.map((noun) =>
    closed(
      `${noun}/**`,
      nouns.filter((other) => other !== noun).map((other) => `../${other}/**`),
      'Nouns meet on pages: compose in a *-page.tsx.',
      ['**/*-page.tsx'],
    ),
  ),
];
