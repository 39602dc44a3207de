import { readJson, writePrivateJson } from './private-file.mjs';

/**
 * `stack.json`: everything a person, a test or an operator command needs to reach a stack. It stays when the stack
 * stops, with no processes in it, because the ops token and the demo key are kept nowhere else.
 */
export function readStackFile(file) {
  return readJson(file);
}

/** Changes parts of `stack.json` and keeps the others; readers see the old or the new one whole. */
export function updateStackFile(file, changes) {
  writePrivateJson(file, { ...readJson(file), ...changes });
}

/** Says which processes run now. Nothing is written where no stack has been. */
export function setProcesses(file, processes) {
  if (readJson(file) !== undefined) updateStackFile(file, { processes });
}
