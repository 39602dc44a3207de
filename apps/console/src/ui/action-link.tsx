import type { ComponentProps } from 'react';

/** A link that looks like the one thing to do: it leaves this page. */
export function ActionLink({ className = '', ...rest }: ComponentProps<'a'>) {
  return (
    <a {...rest} rel={rest.target === '_blank' ? 'opener' : undefined} className={`button primary ${className}`} />
  );
}
