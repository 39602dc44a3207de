import { createElement, Fragment, memo, useState, type ReactNode } from 'react';
import type { Token, Tokens } from 'marked';
import { Blocks, type Block, type Stretch } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { safeLink } from './safe-link.ts';
import './markdown.css';

interface MarkdownProps {
  /** All that has come so far. */
  text: string;
  /** Nothing follows. */
  isDone: boolean;
}

/**
 * Markdown as elements, while it comes. No text becomes markup: HTML is shown as text, links lead only where `safeLink` says,
 * and images are never loaded, since an address that is asked for tells somebody what was read.
 */
export function Markdown({ text, isDone }: MarkdownProps) {
  const [blocks] = useState(() => new Blocks());
  return (
    <div className="markdown">
      {blocks.read(text.includes('\r') ? text.replaceAll('\r', '') : text, isDone).map((stretch, at) => (
        <StretchOf key={at} stretch={stretch} />
      ))}
    </div>
  );
}

const StretchOf = memo(function StretchOf({ stretch }: { stretch: Stretch }) {
  return stretch.map((block, at) => <BlockOf key={at} block={block} />);
});

const BlockOf = memo(
  function BlockOf({ block: { token, isOpen } }: { block: Block }) {
    return drawn(token, isOpen);
  },
  ({ block: before }, { block: now }) =>
    before.isOpen === now.isOpen && (before.token === now.token || isSame(before.token, now.token)),
);

/** A text that is read twice says the same; a link may since have been told where it leads. */
function isSame(one: Token, other: Token): boolean {
  return one.type === other.type && one.raw === other.raw && !one.raw.includes('[');
}

type Draw = (token: never, isOpen: boolean) => ReactNode;

/** As they stand: a component or a key for each would cost more than what it draws, and an answer is drawn with every word. */
const inside = (tokens: Token[] | undefined, isOpen = false): ReactNode =>
  tokens &&
  createElement(Fragment, null, ...tokens.map((token, at) => drawn(token, isOpen && at === tokens.length - 1)));

/** How each kind of token is drawn; what is not here is shown as the text that it is. */
const drawings: Record<string, Draw> = {
  space: () => null,
  def: () => null,
  hr: () => <hr />,
  br: () => <br />,
  heading: ({ depth, tokens }: Tokens.Heading) => <Heading depth={depth}>{inside(tokens)}</Heading>,
  paragraph: ({ tokens }: Tokens.Paragraph) => <p>{inside(tokens)}</p>,
  blockquote: ({ tokens }: Tokens.Blockquote, isOpen) => <blockquote>{inside(tokens, isOpen)}</blockquote>,
  list: ({ ordered, start, items }: Tokens.List, isOpen) => {
    const all = items.map((item, at) => <li key={at}>{inside(item.tokens, isOpen && at === items.length - 1)}</li>);
    return ordered ? <ol start={start === '' ? 1 : start}>{all}</ol> : <ul>{all}</ul>;
  },
  checkbox: ({ checked }: { checked: boolean }) => (
    <span aria-label={checked ? 'done' : 'open'}>{checked ? '☑ ' : '☐ '}</span>
  ),
  code: ({ text, lang }: Tokens.Code, isOpen) => <CodeBlock text={text} language={lang ?? ''} isOpen={isOpen} />,
  table: (token: Tokens.Table) => <Table {...token} />,
  text: (token: Tokens.Text) => (token.tokens ? inside(token.tokens) : token.text),
  escape: ({ text }: Tokens.Escape) => text,
  strong: ({ tokens }: Tokens.Strong) => <strong>{inside(tokens)}</strong>,
  em: ({ tokens }: Tokens.Em) => <em>{inside(tokens)}</em>,
  del: ({ tokens }: Tokens.Del) => <del>{inside(tokens)}</del>,
  codespan: ({ text }: Tokens.Codespan) => <code>{text}</code>,
  link: ({ href, tokens }: Tokens.Link) => <SafeLink href={href}>{inside(tokens)}</SafeLink>,
  image: ({ href, text }: Tokens.Image) => <SafeLink href={href}>{`[image: ${text || 'untitled'}]`}</SafeLink>,
};

function drawn(token: Token, isOpen: boolean): ReactNode {
  const draw = Object.hasOwn(drawings, token.type) ? drawings[token.type] : undefined;
  return draw ? draw(token as never, isOpen) : token.raw;
}

/** An answer's headings stand below those of the page that it is on. */
function Heading({ depth, children }: { depth: number; children: ReactNode }) {
  const Tag = (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(depth, 4) - 1] ?? 'h6';
  return <Tag>{children}</Tag>;
}

function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const safe = safeLink(href);
  if (safe === undefined) return <>{children}</>;
  return (
    <a href={safe} target="_blank" rel="noreferrer noopener nofollow">
      {children}
    </a>
  );
}

function Table({ header, rows, align }: Tokens.Table) {
  const cell = (at: number) => ({ 'data-align': align[at] ?? undefined });
  return (
    <div className="markdown-table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map(({ tokens }, at) => (
              <th key={at} scope="col" {...cell(at)}>
                {inside(tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {row.map(({ tokens }, at) => (
                <td key={at} {...cell(at)}>
                  {inside(tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
