/** A module that runs in a thread of its own, and how Node is to load it. */
export interface WorkerScript {
  url: URL;
  execArgv: string[];
}

/** Tests run the sources: Node strips their types itself and finds the sources of our libraries. */
const fromSource = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '-C', '@orgn/source'];

/**
 * The module of a worker that stands beside the one that starts it.
 * @param name without its ending: `./reading.worker`
 * @param base `import.meta.url` of the one that starts it
 */
export function workerScript(name: string, base: string): WorkerScript {
  const isSource = base.endsWith('.ts');
  return { url: new URL(`${name}${isSource ? '.ts' : '.js'}`, base), execArgv: isSource ? fromSource : [] };
}
