import { useEffect, useRef, type RefObject } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

/** The address whose heading was read last; undefined: the first page, which browsers read themselves. */
let read: string | undefined;

/**
 * For the heading of a page: who follows a link stands on it then, and a screen reader says where they are. Once an address: pages
 * that are drawn again, and filters in the address, leave the focus where it is.
 */
export function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const isBack = useNavigationType() === NavigationType.Pop;
  useEffect(() => {
    const isFirst = read === undefined;
    if (read === pathname) return;
    read = pathname;
    if (isFirst || isInUse(document.activeElement)) return;
    // Who goes back finds the page scrolled to where they were.
    heading.current?.focus({ preventScroll: isBack });
  }, [pathname, isBack]);
  return heading;
}

/** Somebody types there, chooses with the arrows among what leads on, or answers a question. */
function isInUse(active: Element | null): boolean {
  return active?.matches('main :is(input, textarea, select), .switcher select, dialog *, [role="dialog"] *') ?? false;
}
