import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'mutation',
  rootDir: import.meta.dirname,
  roots: ['<rootDir>'],
  testMatch: ['**/*.spec.mjs'],
};
