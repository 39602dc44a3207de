import { shortText, userId } from '@orgn/contracts';
import { z } from 'zod';

/** Somebody, as those who share a team with them see it. Whoever has left keeps their name. */
export const person = z.object({ id: userId, name: shortText, email: shortText });
export type Person = z.output<typeof person>;
