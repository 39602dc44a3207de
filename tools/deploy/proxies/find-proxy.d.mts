export function findProxy(name: 'caddy' | 'nginx', cache: string): Promise<string | undefined>;
