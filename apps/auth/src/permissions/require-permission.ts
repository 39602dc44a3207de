import { mayDo, type TeamAction } from '@orgn/console-api';
import { ServiceError, type Role } from '@orgn/contracts';

/** @throws ServiceError `not_permitted` unless the role grants the action, to one's own things or to everybody's */
export function requirePermission(role: Role, action: TeamAction, isOwn: boolean): void {
  if (mayDo(role, action, isOwn)) return;
  const whose = mayDo(role, action, true) ? ' to what is not yours' : '';
  throw notPermitted(`Your role in this team, ${role}, does not let you do this${whose}. Ask an owner of the team.`);
}

export function notPermitted(message: string): ServiceError {
  return new ServiceError('not_permitted', message);
}
