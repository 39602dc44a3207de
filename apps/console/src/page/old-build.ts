const KEPT = 'orgn.reloaded';
const AGAIN_MS = 60_000;

/** Whether a part of the page could not be loaded, as after a release: each browser has its own words for it. */
export function isOldBuild(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|importing a module script|preload (CSS|module)/i.test(error.message)
  );
}

/** Loads the page anew, but not twice in a minute: what is missing for another reason would make it turn for ever. */
export function reloadOnce(now = Date.now(), reload = () => window.location.reload()): boolean {
  const before = Number(sessionStorage.getItem(KEPT) ?? 0);
  if (now - before < AGAIN_MS) return false;
  sessionStorage.setItem(KEPT, String(now));
  reload();
  return true;
}
