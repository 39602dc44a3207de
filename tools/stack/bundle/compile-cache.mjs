import { join } from 'node:path';

/**
 * Where Node keeps what it compiled of a bundle: the NODE_COMPILE_CACHE of the service that runs it.
 * @param {string} folder the bundle's
 */
export const compileCacheOf = (folder) => join(folder, '.compiled');
