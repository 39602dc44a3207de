import { Dialog as Base } from '@base-ui/react/dialog';
import { useState, type ReactNode } from 'react';
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
  // Before a field in it takes the focus to itself.
  const [before] = useState(() => document.activeElement);
  return (
    <Base.Root open disablePointerDismissal={isAsking} onOpenChange={(isOpen) => !isOpen && onClose?.()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className={`dialog ${isWide ? 'wide' : ''}`} finalFocus={() => placeAfter(before)}>
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

/** Where somebody goes on with the keyboard: where they came from, or with the page where that is gone. */
function placeAfter(before: Element | null): HTMLElement | null {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
  return isThere ? before : document.getElementById('main');
}
