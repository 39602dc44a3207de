import type { Rule } from './rules.ts';

/** Serving on is part of the time that a stop may take. */
export const requireTimeToStop: Rule = ({ DRAIN_SECONDS = '0', STOP_SECONDS = '10' }) => {
  if (!(Number(DRAIN_SECONDS) >= Number(STOP_SECONDS))) return [];
  const message = `DRAIN_SECONDS must be less than STOP_SECONDS, which is ${Number(STOP_SECONDS)}: add the line STOP_SECONDS=${Math.ceil(Number(DRAIN_SECONDS)) + 20}`;
  return [{ name: 'DRAIN_SECONDS', message }];
};
