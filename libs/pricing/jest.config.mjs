import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'pricing', rootDir: import.meta.dirname };
