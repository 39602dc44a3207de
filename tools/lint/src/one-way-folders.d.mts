import type { Rule } from 'eslint';

export const oneWayFolders: Rule.RuleModule;
