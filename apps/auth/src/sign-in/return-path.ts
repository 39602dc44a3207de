/** Signing in again after having signed in would be a circle, and signing out would be a surprise. */
const NOT_A_DESTINATION = /^\/api\/auth(?:\/|\?|$)/;

/**
 * Where to go after signing in: the path that was asked for, if it is one on this host; else the start page. A link that
 * signs somebody in here and sends them on to a foreign site would lend that site our name.
 */
export function toReturnPath(asked: string | undefined, consoleUrl: string): string {
  // Browsers drop tabs and line ends out of URLs and take backslashes for slashes, so these never stand for themselves.
  if (!asked?.startsWith('/') || /[\\\p{Cc}]/u.test(asked) || !URL.canParse(asked, consoleUrl)) return '/';
  const { origin, pathname, search, hash } = new URL(asked, consoleUrl);
  if (origin !== consoleUrl || pathname.startsWith('//') || NOT_A_DESTINATION.test(pathname)) return '/';
  return pathname + search + hash;
}
