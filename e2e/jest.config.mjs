import preset from '../jest.preset.js';

export default {
  ...preset,
  displayName: 'e2e',
  rootDir: import.meta.dirname,
  testMatch: ['**/*.e2e.ts'],
  testTimeout: 120_000,
};
