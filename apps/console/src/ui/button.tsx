import { useId, type ComponentProps, type ReactNode } from 'react';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  icon?: ReactNode;
  /** Why this cannot be done; it then stays visible, and says so to eyes, keyboards and screen readers. */
  reason?: string | undefined;
  isBusy?: boolean;
}

/** A button that is never disabled without saying why. */
export function Button({ kind = 'plain', icon, reason, isBusy = false, children, onClick, ...rest }: ButtonProps) {
  const id = useId();
  const isOff = reason !== undefined || isBusy;
  const button = (
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
  );
  if (reason === undefined) return button;
  return (
    <span className="reasoned">
      {button}
      <span role="tooltip" id={id} className="reason">
        {reason}
      </span>
    </span>
  );
}
