import { ServiceError } from '@orgn/contracts';

/** How the operator is told that a team is not there. */
export function teamNotFound(): ServiceError {
  return new ServiceError('team_not_found', 'There is no team with this id. Check the id, or create the team first.', {
    param: 'teamId',
  });
}

/** Says `not_found` of a team as the operator's contracts say it. @throws always */
export function asTeamNotFound(error: unknown): never {
  throw error instanceof ServiceError && error.code === 'not_found' ? teamNotFound() : error;
}
