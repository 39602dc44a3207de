const schemes = new Set(['https:', 'mailto:']);

/** Where a link of an answer may lead: an address of the web over TLS, or of mail. @returns undefined for anything else */
export function safeLink(href: string): string | undefined {
  try {
    const url = new URL(href);
    return schemes.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
