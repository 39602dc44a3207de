export function engineFaults(given: Record<string, string | undefined>): { name: string; message: string }[];
