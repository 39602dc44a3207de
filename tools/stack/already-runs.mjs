import { readStackFile } from './stack-file.mjs';

/** What to tell someone who starts a stack a second time. */
export function alreadyRuns(paths, holder) {
  const stack = readStackFile(paths.stackFile);
  const urls = stack?.processes?.length > 0 ? ` API ${stack.api}, console ${stack.console}.` : ' It is not ready yet.';
  return `This stack already runs in ${paths.dir} (supervisor pid ${holder.pid}).${urls} Stop it with npm stop first.`;
}
