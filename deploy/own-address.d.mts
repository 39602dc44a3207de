export function ownAddressTowards(url: string | undefined): Promise<string | undefined>;
