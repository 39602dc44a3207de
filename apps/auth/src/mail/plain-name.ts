const LENGTH = 40;

/**
 * A name that somebody has chosen, as a mail quotes it: short, and nothing that a mail program would make a link of. Whoever
 * reads it has not asked for it.
 */
export function plainName(name: string): string {
  const short = [...name].length > LENGTH ? `${[...name].slice(0, LENGTH - 1).join('')}…` : name;
  return short.replaceAll(/(?<=\S)[.:/\\@]+(?=\S)/gu, ' ');
}
