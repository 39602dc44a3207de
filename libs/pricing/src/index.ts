export { costNanoUsd, formatUsd, type Price, type TokenCounts } from './cost.ts';
