/**
 * Preloaded by the first load of a bundle: says of each module that comes from a file beside it. Whoever requires such a one
 * may go on without it, so it is not enough to refuse it.
 */
import { registerHooks } from 'node:module';

let bundle;
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    bundle ??= resolved.url;
    if (resolved.url.startsWith('file:') && resolved.url !== bundle)
      process.stderr.write(`loads from beside itself: ${resolved.url}\n`);
    return resolved;
  },
});
