import { local } from './local.provider.ts';
import { near } from './near.provider.ts';
import { phala } from './phala.provider.ts';
import type { Provider, ProviderName } from './provider.ts';
import { vercel } from './vercel.provider.ts';

/** How each provider is spoken to. */
export const kinds: Record<ProviderName, Provider> = { near, phala, vercel, local };
