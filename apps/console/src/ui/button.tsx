import { use, useId, type ComponentProps, type ReactNode } from 'react';
import { Unsendable } from './unsendable.ts';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  icon?: ReactNode;
  /** Why this cannot be done; it then stays visible, and says so to eyes, keyboards and screen readers. */
  reason?: string | undefined;
  /** Whether what it sends is on its way. Who gives this sends something, which cannot be done without a network. */
  isBusy?: boolean;
}

/** The reason that is given, or that nothing can be sent now. */
function useReasonNot(given: string | undefined, isBusy: boolean | undefined): string | undefined {
  const unsendable = use(Unsendable);
  return given ?? (isBusy === undefined ? undefined : unsendable);
}

/** A button that is never disabled without saying why. */
export function Button({ kind = 'plain', icon, reason: given, isBusy, children, onClick, ...rest }: ButtonProps) {
  const id = useId();
  const reason = useReasonNot(given, isBusy);
  const isOff = reason !== undefined || isBusy === true;
  // The element stays the same when a reason comes or goes: whoever stands on it with the keyboard does not lose their place.
  return (
    <span className={reason === undefined ? 'unreasoned' : 'reasoned'}>
      <button
        type="button"
        {...rest}
        className={`button ${kind} ${rest.className ?? ''}`}
        aria-disabled={isOff || undefined}
        aria-busy={isBusy || undefined}
        aria-describedby={reason === undefined ? rest['aria-describedby'] : id}
        onClick={(event) => {
          if (isOff) event.preventDefault();
          else onClick?.(event);
        }}
      >
        {icon}
        {children}
      </button>
      {reason !== undefined && (
        <span role="tooltip" id={id} className="reason">
          {reason}
        </span>
      )}
    </span>
  );
}
