import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'attestation', rootDir: import.meta.dirname };
