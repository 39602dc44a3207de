import { Menu as Base } from '@base-ui/react/menu';
import { EllipsisVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import './menu.css';

export interface MenuItem {
  label: string;
  onSelect: () => void;
  /** Why it cannot be chosen. */
  reason?: string | undefined;
  isDanger?: boolean;
  icon?: ReactNode;
}

/** What else can be done with one row, behind one button. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return (
    <Base.Root>
      <Base.Trigger className="button quiet icon-only" aria-label={label}>
        <EllipsisVertical aria-hidden size={18} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="menu-place">
          <Base.Popup className="menu">
            {items.map((item) => (
              <Base.Item
                key={item.label}
                disabled={item.reason !== undefined}
                className={`menu-item ${item.isDanger ? 'danger' : ''}`}
                onClick={item.onSelect}
              >
                <span>{item.label}</span>
                {item.reason !== undefined && <small>{item.reason}</small>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
