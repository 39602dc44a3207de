import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'dialects', rootDir: import.meta.dirname };
