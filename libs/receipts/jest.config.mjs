import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'receipts', rootDir: import.meta.dirname };
