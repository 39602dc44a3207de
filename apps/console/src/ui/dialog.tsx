import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import './dialog.css';

export interface DialogProps {
  title: string;
  children: ReactNode;
  /** Absent: it cannot be closed, only answered. */
  onClose?: () => void;
  /** A click beside it does not close it: something in it would be lost, or it has to be answered. */
  isAsking?: boolean;
  isWide?: boolean;
}

/** Over the page; the page behind it cannot be reached until it is closed. It is open for as long as it is drawn. */
export function Dialog({ title, children, onClose, isAsking = false, isWide = false }: DialogProps) {
  return (
    <Base.Root open disablePointerDismissal={isAsking} onOpenChange={(isOpen) => !isOpen && onClose?.()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className={`dialog ${isWide ? 'wide' : ''}`}>
          <header>
            <Base.Title>{title}</Base.Title>
            {onClose && (
              <button type="button" className="button quiet icon-only" aria-label="Close" onClick={onClose}>
                <X aria-hidden size={18} />
              </button>
            )}
          </header>
          <div className="dialog-body">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
