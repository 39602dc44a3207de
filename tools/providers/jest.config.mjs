import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'providers', rootDir: import.meta.dirname };
