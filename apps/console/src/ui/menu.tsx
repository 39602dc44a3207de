import { EllipsisVertical } from 'lucide-react';
import { useId, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import './menu.css';

export interface MenuItem {
  label: string;
  onSelect: () => void;
  /** Why it cannot be chosen. */
  reason?: string | undefined;
  isDanger?: boolean;
}

/** Roughly how high an item is, without and with the reason why it cannot be chosen. */
const ITEM_PX = 36;
const REASONED_PX = 76;
const GAP_PX = 4;

/** Beneath its button, or above it where there is more room; it scrolls where neither is enough. */
function placeAt(button: DOMRect, items: readonly MenuItem[]): CSSProperties {
  const { clientWidth, clientHeight } = document.documentElement;
  const height = items.reduce((sum, { reason }) => sum + (reason === undefined ? ITEM_PX : REASONED_PX), 0);
  const [above, below] = [button.top - 2 * GAP_PX, clientHeight - button.bottom - 2 * GAP_PX];
  const right = clientWidth - button.right;
  return below >= Math.min(height, above)
    ? { right, top: button.bottom + GAP_PX, maxHeight: below }
    : { right, bottom: clientHeight - button.top + GAP_PX, maxHeight: above };
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** What else can be done with one row, behind one button. The browser's own popover: it closes by Escape and beside it. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState<CSSProperties>({});
  const step = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  return (
    <>
      <button
        type="button"
        className="button quiet icon-only"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        popoverTarget={id}
        onClick={(event) => setPlace(placeAt(event.currentTarget.getBoundingClientRect(), items))}
      >
        <EllipsisVertical aria-hidden size={18} />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        style={place}
        onKeyDown={step}
        onToggle={(event) => {
          setOpen(event.newState === 'open');
          if (event.newState === 'open') event.currentTarget.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
        }}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            aria-disabled={item.reason !== undefined || undefined}
            className={`menu-item ${item.isDanger ? 'danger' : ''}`}
            onClick={() => {
              if (item.reason !== undefined) return;
              list.current?.hidePopover();
              item.onSelect();
            }}
          >
            {item.label}
            {item.reason !== undefined && <small>{item.reason}</small>}
          </button>
        ))}
      </div>
    </>
  );
}
