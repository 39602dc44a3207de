export { costNanoUsd, costParts, dearestNanoUsd, formatPart, type CostPart, type UsageCounts } from './cost.ts';
export { cheaperWhenLong, formatUsd, toNanoUsd, type Price, type TokenPrices } from './price.ts';
