import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'id-orgn', rootDir: import.meta.dirname };
