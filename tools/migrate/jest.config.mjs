import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'migrate', rootDir: import.meta.dirname };
