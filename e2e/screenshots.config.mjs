import config from './jest.config.mjs';

/** `npm run screenshots`: no tests, but the same stack and browser. */
export default { ...config, displayName: 'screenshots', testMatch: ['**/*.shots.ts'], testTimeout: 600_000 };
