/**
 * What every Node of ours is started with: SIGUSR1, which anybody of the same user may send, must not open an inspector,
 * which reads prompts and secrets out of memory. Known to the pinned Node; what runs under another one goes without.
 */
export const closedToDebuggers = ['--disable-sigusr1'];

/**
 * Besides, what a service is started with; the image has the same in NODE_OPTIONS (Dockerfile). While it loads almost
 * everything survives, so that the young generation would grow to its largest size, 32 MiB in three parts, and stay there: a
 * service that does nothing would take a third more. Half of this again saves 5 to 20 MB of each, and costs the gateway a quarter more CPU an answer under load.
 */
export const serviceOptions = [...closedToDebuggers, '--max-semi-space-size=16'];

/**
 * And what Node takes on its command line alone. V8 makes old at once what it has seen grow old, by the place that makes it. With
 * what belongs to a request that is in vain: it ends, and everything that it points to waits with it for a full collection. With
 * this, and FleetingMap, an answer costs a seventh less CPU over all services (docs/performance.md).
 */
export const serviceFlags = [...serviceOptions, '--no-allocation-site-pretenuring'];

/**
 * How a service's allocator keeps what native code has freed: in two arenas, and not more than these many bytes at their ends. The
 * image has the same; where the C library is not glibc it changes nothing.
 */
export const serviceAllocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '1048576',
};

/** What the supervisor of a stack is started with: it waits, and what little it makes needs no room to become old in. */
export const supervisorFlags = [...closedToDebuggers, '--max-semi-space-size=1'];
