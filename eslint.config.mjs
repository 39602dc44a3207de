import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';
import { boundaries, specBoundaries } from './tools/lint/src/boundaries.mjs';
import { fleetingMembers } from './tools/lint/src/fleeting-members.mjs';
import { oneWayFolders } from './tools/lint/src/one-way-folders.mjs';
import { pagesRules } from './tools/lint/src/pages-rules.mjs';

const restrict = (files, patterns, message, ignores = []) => ({
  files,
  ignores,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: patterns.map((group) => ({ group: [group], message })) },
    ],
  },
});

/** How others' protocols are spoken is the matter of one file each. */
const vendorSdks = ['undici', 'openid-client', 'openid-client/*', 'jose', 'stripe'];

const specs = ['**/*.spec.ts', '**/*.spec.tsx', '**/src/**/testing/**/*.ts', 'e2e/**/*.ts', 'libs/testing/**/*.ts'];

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.local/**', '.nx/**', 'coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  prettier,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: boundaries,
          enforceBuildableLibDependency: false,
          banTransitiveDependencies: false,
        },
      ],
      'import-x/no-cycle': 'error',
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      complexity: ['error', 8],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only read-config.ts reads the environment.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { boolean: true, string: true } }],
    },
  },
  // As it is drawn in ARCHITECTURE.md, so a request flows through the folders of an app; and nothing keeps it once it has ended.
  {
    files: ['apps/*/src/**/*.ts', 'apps/console/src/**/*.tsx', 'libs/*/src/**/*.ts', 'tools/*/src/**/*.ts'],
    plugins: { orgn: { rules: { 'one-way-folders': oneWayFolders, 'fleeting-members': fleetingMembers } } },
    rules: { 'orgn/one-way-folders': 'error', 'orgn/fleeting-members': 'error' },
  },
  restrict(
    ['**/*.controller.ts'],
    ['**/*.repository.ts', '**/*.entity.ts', 'typeorm', ...vendorSdks],
    'Controllers speak to services only.',
  ),
  restrict(
    ['**/*.service.ts'],
    ['typeorm', '@nestjs/microservices', 'fastify', ...vendorSdks],
    'Services know the domain, not a framework.',
  ),
  restrict(['apps/*/src/**/*.ts'], vendorSdks, 'Only a *.client.ts imports a vendor SDK.', [
    '**/*.client.ts',
    ...specs,
    '**/*.controller.ts',
    '**/*.service.ts',
  ]),
  {
    files: ['apps/auth/**/*.ts', 'apps/key-registry/**/*.ts', 'apps/usage-metering/**/*.ts', 'libs/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name=/Exception$/]', message: 'Throw a ServiceError with a declared code.' },
      ],
    },
  },
  // A browser runs these: what Node alone has does not exist there.
  {
    files: [
      'libs/contracts/src/**/*.ts',
      'libs/console-api/src/**/*.ts',
      'libs/attestation/src/**/*.ts',
      'libs/receipts/src/**/*.ts',
    ],
    ignores: ['**/*.spec.ts', 'libs/attestation/src/node.ts', 'libs/*/src/**/testing/**'],
    rules: {
      'no-restricted-globals': ['error', 'Buffer', 'process', 'setImmediate', '__dirname'],
      'no-restricted-imports': ['error', { patterns: [{ group: ['node:*'], message: 'This runs in browsers too.' }] }],
    },
  },
  ...pagesRules,
  { files: ['**/read-config.ts', 'tools/*/src/**', ...specs], rules: { 'no-restricted-properties': 'off' } },
  {
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: ['../../tools/**'],
          // Their own specs run on the testing library, which speaks to servers through them.
          ignoredCircularDependencies: [
            ['@orgn/service-kit', '@orgn/testing'],
            ['@orgn/database', '@orgn/testing'],
          ],
          depConstraints: specBoundaries,
          enforceBuildableLibDependency: false,
          banTransitiveDependencies: false,
        },
      ],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/max-params': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'it', 'describe'], package: 'node:test' }] },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  // Holds the compose file against the configuration of every app, which nothing else may reach into.
  { files: ['tools/deploy/**/*.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'fetch',
          'setTimeout',
          'clearTimeout',
          ...['setInterval', 'clearInterval', 'setImmediate'],
          'AbortController',
          'AbortSignal',
          'performance',
          'structuredClone',
          'queueMicrotask',
          ...['TextDecoder', 'TextEncoder'],
          ...['document', 'window', 'localStorage'],
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      complexity: ['error', 10],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
);
