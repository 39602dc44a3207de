import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'test-runs',
  rootDir: import.meta.dirname,
  roots: ['<rootDir>'],
  testMatch: ['**/*.spec.mjs'],
};
