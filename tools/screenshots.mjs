/**
 * `npm run screenshots`: every page of the console, light, dark and on a phone, into .screenshots (SCREENSHOTS_DIR), and one of each page
 * into docs/screenshots. SCREENSHOTS_ONLY=keys,models takes these alone and leaves docs as it is; SCREENSHOTS_WHOLE=1 takes
 * whole pages as PNG besides, SCREENSHOTS_KEYS=200 with so many keys.
 */
import { ensureReady, runInForeground, toolEnvironment } from './bootstrap.mjs';

const { node } = await ensureReady();
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const args = [...jest, '-c', 'e2e/screenshots.config.mjs', '--runInBand'];
process.exitCode = await runInForeground(node, args, toolEnvironment(node));
