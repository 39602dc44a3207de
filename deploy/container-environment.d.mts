export function containerEnvironment(
  service: string,
  environment: Record<string, string | undefined>,
  hostname: string,
): Record<string, string | undefined>;
