import { useEffect } from 'react';

/** Names the document, as browsers show it in tabs and histories. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ORGN Gateway`;
  }, [title]);
}
