import { CreateTeams1795300000000 } from './1795300000000-create-teams.ts';

/** Every change of the schema `auth`, oldest first. */
export const migrations = [CreateTeams1795300000000];
