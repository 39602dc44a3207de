import { Copy } from '../ui/copy.tsx';
import { Note } from '../ui/note.tsx';

/** Where no mail is sent, in development: the link, for the inviter to hand over. */
export function InvitationLink({ link }: { link: string }) {
  return (
    <Note title="No mail was sent: hand this link over yourself">
      <p>It works once, for the invited address, for seven days.</p>
      <div className="link-line">
        <input readOnly aria-label="Invitation link" value={link} />
        <Copy text={link} label="Copy invitation link">
          Copy
        </Copy>
      </div>
    </Note>
  );
}
