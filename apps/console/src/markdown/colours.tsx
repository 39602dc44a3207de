import bash from 'highlight.js/lib/languages/bash';
import go from 'highlight.js/lib/languages/go';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import type { RootContent } from 'hast';
import { createLowlight } from 'lowlight';
import type { ReactNode } from 'react';

const languages = createLowlight({ bash, go, json, python, typescript });
languages.registerAlias({ typescript: ['javascript', 'js', 'jsx', 'tsx'] });

/** Code as elements with classes for its colours; undefined for a language that is not known here. */
export function coloursOf(text: string, language: string): ReactNode {
  const name = language.toLowerCase();
  if (!languages.registered(name)) return undefined;
  return languages.highlight(name, text).children.map(toElement);
}

function toElement(node: RootContent, at: number): ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const names = node.properties.className;
  return (
    <span key={at} className={Array.isArray(names) ? names.join(' ') : undefined}>
      {node.children.map(toElement)}
    </span>
  );
}
