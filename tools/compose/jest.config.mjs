import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'compose',
  rootDir: import.meta.dirname,
  roots: ['<rootDir>'],
  testMatch: ['**/*.spec.mjs'],
};
