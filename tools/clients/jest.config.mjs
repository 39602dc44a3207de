import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'clients',
  rootDir: import.meta.dirname,
  roots: ['<rootDir>'],
  testMatch: ['**/*.spec.mjs'],
};
