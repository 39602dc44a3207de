import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Asks whoever is about to leave a secret that they cannot have yet. */
export default function LeaveDialog({ onLeave, onClose }: { onLeave: () => void; onClose: () => void }) {
  return (
    <Dialog title="Leave without the secret?" isAsking onClose={onClose}>
      <p>It was neither shown nor copied yet, and nobody can show it again.</p>
      <div className="actions end">
        <Button onClick={onLeave}>Leave</Button>
        <Button kind="primary" onClick={onClose}>
          Stay
        </Button>
      </div>
    </Dialog>
  );
}
