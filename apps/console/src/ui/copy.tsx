import { Check, Copy as CopyIcon, CopyX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { announce } from './notices.tsx';

interface CopyProps {
  text: string;
  /** What it copies, for those who do not see beside what it stands. */
  label: string;
  /** Words on the button; absent: an icon alone. */
  children?: string;
  /** Told when it is copied. */
  onCopied?: () => void;
}

const SAID_MS = 2_000;

type State = 'ready' | 'copied' | 'refused';

const words: Record<State, string> = { ready: '', copied: 'Copied', refused: 'Not allowed here: copy it by hand' };
/** The same to those who hear it, who hear it beside other things. */
const heard: Record<'copied' | 'refused', string> = {
  copied: 'It is in the clipboard.',
  refused: 'This browser does not let the page copy it.',
};

const icons = { ready: CopyIcon, copied: Check, refused: CopyX };

/** Copies a text, and says that it did, or that this browser does not let it, as where a page came without TLS. */
export function Copy({ text, label, children, onCopied }: CopyProps) {
  const [state, setState] = useState<State>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), SAID_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const end = (ended: 'copied' | 'refused') => {
    setState(ended);
    announce(heard[ended]);
  };
  const copy = () => {
    writeToClipboard(text).then(
      () => {
        end('copied');
        onCopied?.();
      },
      () => end('refused'),
    );
  };
  const Icon = icons[state];
  return (
    <button
      type="button"
      className={children === undefined ? 'button quiet icon-only small' : 'button plain'}
      aria-label={children === undefined ? label : undefined}
      onClick={copy}
    >
      <Icon aria-hidden size={children === undefined ? 14 : 16} />
      {children !== undefined && (words[state] || children)}
    </button>
  );
}

/** @throws where the browser gives a page no clipboard, as one that came without TLS */
async function writeToClipboard(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) throw new Error('there is no clipboard here');
  await clipboard.writeText(text);
}
