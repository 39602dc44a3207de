export type FolderGraph = Map<string, Map<string, string[]>>;
export function folderOf(src: string, path: string): string | undefined;
export function folderGraph(src: string): FolderGraph;
export function importedFolder(src: string, path: string, specifier: string): string | undefined;
export function pathBetween(graph: FolderGraph, from: string, to: string): string[] | undefined;
