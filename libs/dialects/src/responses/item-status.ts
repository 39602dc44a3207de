export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';
