/** What this browser keeps of a person's choices: never anything secret. A browser that keeps nothing changes nothing. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`orgn.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`orgn.${name}`);
    else localStorage.setItem(`orgn.${name}`, value);
  } catch {
    // It is a convenience.
  }
}
