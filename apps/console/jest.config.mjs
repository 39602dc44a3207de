import preset from '../../jest.preset.js';

const [[, options]] = Object.values(preset.transform);
const jsc = {
  ...options.jsc,
  parser: { syntax: 'typescript', tsx: true },
  transform: { react: { runtime: 'automatic' } },
};

export default {
  ...preset,
  displayName: 'console',
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/browser.environment.mjs',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'mjs', 'js', 'json'],
  testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', { ...options, jsc }] },
  moduleNameMapper: { '\\.css$': '<rootDir>/src/testing/no-style.ts' },
  setupFiles: ['<rootDir>/src/testing/browser-parts.ts'],
};
