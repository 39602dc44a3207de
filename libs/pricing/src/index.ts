export { costNanoUsd, costParts, dearestNanoUsd, formatPart, type CostPart, type UsageCounts } from './cost.ts';
export { cheaperWhenLong, formatUsd, type Price, type TokenPrices } from './price.ts';
