import { useId, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { inTeam } from '../paths.ts';
import type { Session } from '../session/session.ts';
import { Dialog } from '../ui/dialog.tsx';
import { reachable } from './reachable.ts';

interface PaletteProps {
  session: Session;
  team: Session['teams'][number] | undefined;
  onClose: () => void;
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Every page and every team by its name: typed, chosen by arrows, opened by Enter. */
export default function Palette({ session, team, onClose }: PaletteProps) {
  const id = useId();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const all = [
    ...reachable(session, team).map(({ title, address }) => ({ label: title, hint: '', address })),
    ...session.teams.map(({ id: other, name }) => ({ label: name, hint: 'Team', address: inTeam('', other) })),
  ];
  const found = all.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, 12);
  const go = (address: string | undefined) => {
    if (address === undefined) return;
    onClose();
    void navigate(address);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(found[at]?.address);
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setAt((at + by + found.length) % Math.max(found.length, 1));
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        className="palette-input"
        role="combobox"
        aria-label="Page or team"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        autoFocus
        value={text}
        placeholder="Page or team"
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="palette" role="listbox" id={`${id}-list`} aria-label="Found">
        {found.map(({ label, hint, address }, index) => (
          <li
            key={address + label}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            onClick={() => go(address)}
          >
            {label} <span className="quiet">{hint}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="quiet">Nothing is called so.</p>}
    </Dialog>
  );
}
