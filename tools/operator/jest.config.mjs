import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'operator', rootDir: import.meta.dirname };
