import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'lint', rootDir: import.meta.dirname };
