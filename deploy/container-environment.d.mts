export function containerEnvironment(
  service: string,
  environment: Record<string, string | undefined>,
  hostname: string,
  address?: string,
): Record<string, string | undefined>;
