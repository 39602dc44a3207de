import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'usage-metering', rootDir: import.meta.dirname };
