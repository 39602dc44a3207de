/**
 * What every Node of ours is started with: SIGUSR1, which anybody of the same user may send, must not open an inspector,
 * which reads prompts and secrets out of memory. Known to the pinned Node; what runs under another one goes without.
 */
export const closedToDebuggers = ['--disable-sigusr1'];
