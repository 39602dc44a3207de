import { useEffect, useState, type ReactNode } from 'react';
import { Copy } from '../ui/copy.tsx';

/** Colours are for what people read, not for what they scroll past. */
const MAX_COLOURED = 20_000;

interface CodeBlockProps {
  text: string;
  /** What stands behind the fence, such as `python`. */
  language: string;
  /** It has not ended yet. */
  isOpen: boolean;
}

/** Code out of an answer: as it comes without colours, and with them once it has ended. */
export function CodeBlock({ text, language: info, isOpen }: CodeBlockProps) {
  const language = info.trim().split(/\s/, 1)[0] ?? '';
  const coloured = useColours(text, language, isOpen);
  return (
    <div className="code markdown-code">
      {language !== '' && <p className="code-language">{language}</p>}
      <pre tabIndex={0} aria-label={language === '' ? 'Code' : `Code in ${language}`}>
        <code>{coloured ?? text}</code>
      </pre>
      {!isOpen && (
        <Copy text={text} label="Copy code">
          Copy
        </Copy>
      )}
    </div>
  );
}

/** The same code in colours, once what knows them is there; undefined: as it is. */
function useColours(text: string, language: string, isOpen: boolean): ReactNode {
  const [coloured, setColoured] = useState<{ of: string; nodes: ReactNode }>();
  const isWanted = !isOpen && language !== '' && text.length <= MAX_COLOURED;
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    void import('./colours.tsx').then(
      ({ coloursOf }) => isCurrent && setColoured({ of: text, nodes: coloursOf(text, language) }),
      // A module that cannot be loaded leaves the code as it is.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [isWanted, text, language]);
  return coloured?.of === text ? coloured.nodes : undefined;
}
