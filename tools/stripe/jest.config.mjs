import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'stripe', rootDir: import.meta.dirname };
