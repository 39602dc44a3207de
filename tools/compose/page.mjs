/**
 * The commands of a page: fenced blocks that say `run` behind their language.
 *
 *     ```sh run               part of the walk that begins with the demo
 *     ```sh run=production    part of the walk that begins with a production
 *     ```sh run trickle       run while callers ask
 */

const fence = /^```(\S+)?(?: (.*))?$/;

/**
 * @param {string} markdown
 * @returns {{ heading: string, line: number, walk: string, isTrickled: boolean, text: string }[]} in the order of the page; `line`
 * is that of the first command, `walk` is `demo` or `production`
 */
export function runnableBlocks(markdown) {
  const blocks = [];
  let [heading, open] = ['', undefined];
  for (const [index, line] of markdown.split('\n').entries()) {
    const fenced = fence.exec(line);
    if (open && fenced) {
      if (open.tags.length > 0) blocks.push(toBlock(open));
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (fenced) open = { heading, line: index + 2, tags: runTags(fenced), lines: [] };
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
  }
  return blocks;
}

function runTags([, language, info = '']) {
  const tags = info.split(' ');
  return language === 'sh' && tags.some((tag) => /^run(=|$)/.test(tag)) ? tags : [];
}

function toBlock({ heading, line, tags, lines }) {
  const walk = tags.find((tag) => tag.startsWith('run=')) ?? 'run=demo';
  return {
    heading,
    line,
    walk: walk.slice('run='.length),
    isTrickled: tags.includes('trickle'),
    text: lines.join('\n'),
  };
}
