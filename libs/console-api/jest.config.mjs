import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'console-api', rootDir: import.meta.dirname };
