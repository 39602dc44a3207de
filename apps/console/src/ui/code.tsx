import { Copy } from './copy.tsx';

interface CodeProps {
  text: string;
  label: string;
  /** What is copied where the screen shows less. */
  copied?: string;
  onCopied?: (() => void) | undefined;
}

/** A program or a command, to be copied as a whole. */
export function Code({ text, label, copied = text, onCopied }: CodeProps) {
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={label}>
        <code>{text}</code>
      </pre>
      <Copy text={copied} label={`Copy ${label}`} {...(onCopied && { onCopied })}>
        Copy
      </Copy>
    </div>
  );
}
