import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'verifier', rootDir: import.meta.dirname };
