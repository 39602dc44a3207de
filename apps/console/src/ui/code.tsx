import { Copy } from './copy.tsx';

/** A program or a command, to be copied as a whole. `copied`: what is copied where the screen shows less. */
export function Code({ text, label, copied = text }: { text: string; label: string; copied?: string }) {
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={label}>
        <code>{text}</code>
      </pre>
      <Copy text={copied} label={`Copy ${label}`}>
        Copy
      </Copy>
    </div>
  );
}
