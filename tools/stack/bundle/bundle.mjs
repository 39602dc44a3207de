import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { escaped } from './ascii.mjs';
import { withoutUnused } from './left-out.mjs';
import { isMadeOf, recordMadeOf } from './made-of.mjs';
import { bundleOf, entriesOf } from './services.mjs';
import { warmUp } from './warm-up.mjs';

/** The bundler that `vite` brings: one version of it is installed, that one's. */
const { build } = createRequire(import.meta.resolve('vite'))('rolldown');

/**
 * Bundles a service, unless it is already.
 * @param {string} service
 * @returns {Promise<string>} what was done
 * @throws when one of our own files imports what is not there
 */
export async function bundle(service) {
  const folder = bundleOf(service);
  if (isMadeOf(folder)) return 'bundled';
  const made = mkdtempSync(join(dirname(folder), '.bundle-'));
  try {
    chmodSync(made, 0o755);
    const built = await Promise.all(Object.entries(entriesOf(service)).map((entry) => build(optionsOf(entry, made))));
    const files = built.flatMap(({ output }) => output.flatMap(({ moduleIds = [] }) => moduleIds));
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
    recordMadeOf(folder, files);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  warmUp(folder);
  return 'bundled anew';
}

/** Each entry is one file: what is loaded later would be in others, and those that share something run in another order. */
function optionsOf([name, file], dir) {
  return {
    input: { [name]: file },
    platform: 'node',
    onLog: (_level, log) => refuse(log),
    plugins: [
      withoutUnused,
      { name: 'ascii', generateBundle: (_options, files) => Object.values(files).forEach(toAscii) },
    ],
    output: {
      dir,
      format: 'esm',
      // Names of classes are told in logs, and a module of Nest is known by its own.
      keepNames: true,
      comments: false,
      // A running service keeps its text, and a list of where its lines end.
      minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
      entryFileNames: '[name].js',
      codeSplitting: false,
    },
  };
}

/** Others' packages look for what may be installed beside them; ours do not. */
function refuse({ code, message = '' }) {
  if (code !== 'UNRESOLVED_IMPORT' || /\bin (\S*\/)?node_modules\//.test(message)) return;
  throw new Error(message);
}

function toAscii(file) {
  if (file.type === 'chunk') file.code = escaped(file.code);
}
