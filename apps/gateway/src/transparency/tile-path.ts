/** A tile as C2SP's tlog-tiles names it. */
export interface TileName {
  level: number;
  number: number;
  /** Hashes that it has: 256 unless it is the last one of its level. */
  width: number;
  /** What the leaves are hashes of, instead of hashes. */
  isOfEntries: boolean;
}

export const TILE_WIDTH = 256;
const form =
  /^(?<level>[0-7]|entries)\/(?!x000\/)(?<path>(x\d{3}\/){0,4}\d{3})(\.p\/(?<width>[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/;

/**
 * Reads `<L>/<N>` with `.p/<W>` for tiles that are not full: N in groups of three digits, all but the last one behind an x.
 * @returns null for what names no tile
 */
export function readTilePath(path: string): TileName | null {
  const groups = form.exec(path)?.groups;
  if (!groups) return null;
  const isOfEntries = groups.level === 'entries';
  return {
    level: isOfEntries ? 0 : Number(groups.level),
    number: Number((groups.path ?? '').replace(/[x/]/g, '')),
    width: Number(groups.width ?? TILE_WIDTH),
    isOfEntries,
  };
}
