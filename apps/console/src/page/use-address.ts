import { useSearchParams } from 'react-router';

export interface Address {
  search: URLSearchParams;
  /** Asks for something else; an empty value takes a name out. */
  set: (part: Record<string, string>) => void;
  /** Value and change of one name, for a control. */
  wired: (name: string, usual?: string) => { value: string; onChange: (value: string) => void };
  clear: () => void;
}

/** What the address of a page asks for beyond its path: filters that can be handed on, and kept by the Back button. */
export function useAddress(): Address {
  const [search, setSearch] = useSearchParams();
  const set = (part: Record<string, string>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(part)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const wired = (name: string, usual = '') => ({
    value: search.get(name) ?? usual,
    onChange: (value: string) => set({ [name]: value === usual ? '' : value }),
  });
  return { search, set, wired, clear: () => setSearch({}, { replace: true }) };
}
