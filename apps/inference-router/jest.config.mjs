import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'inference-router', rootDir: import.meta.dirname };
