/** Leaves for another host, where the browser has one to leave with. */
export function goTo(url: string | null): void {
  if (url !== null) globalThis.location.assign(url);
}
