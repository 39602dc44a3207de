import type { Rule } from 'eslint';

export const fleetingMembers: Rule.RuleModule;
