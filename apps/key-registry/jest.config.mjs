import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'key-registry', rootDir: import.meta.dirname };
