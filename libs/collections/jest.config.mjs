import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'collections', rootDir: import.meta.dirname };
