import { CreateApiKeys1795300000000 } from './1795300000000-create-api-keys.ts';
import { AddOwnersRotationAndStandings1795500000000 } from './1795500000000-add-owners-rotation-and-standings.ts';

/** Every change of the schema `key_registry`, oldest first. */
export const migrations = [CreateApiKeys1795300000000, AddOwnersRotationAndStandings1795500000000];
