import type { BodyOf, ConsoleRoute, ParamsOf, QueryOf } from '@orgn/console-api';
import type { ClientContext, Role, TeamId, UserId } from '@orgn/contracts';

/** Who is signed in, as the session says. */
export interface SignedIn {
  /** Public name of the session, never its secret. */
  sessionId: string;
  userId: UserId;
  /** When this person last proved who they are, at the identity provider; null: it does not say. */
  authenticatedAt: Date | null;
  email: string;
  isEmailVerified: boolean;
  name: string;
  /** Whether this person runs the deployment. */
  isOperator: boolean;
}

/** The caller's place in the team that a route's `{teamId}` names. */
export interface Membership {
  teamId: TeamId;
  role: Role;
}

/** A request to the console API that has passed its guards. */
export interface RequestFacts {
  /** Absent on public routes. */
  caller?: SignedIn;
  /** Absent on routes without `{teamId}`. */
  membership?: Membership;
}

declare module 'fastify' {
  interface FastifyRequest {
    console?: RequestFacts;
  }
}

/** What a method that implements a route is given: everything parsed, nothing of HTTP. */
export interface ConsoleCall<C extends ConsoleRoute> {
  params: ParamsOf<C>;
  query: QueryOf<C>;
  body: BodyOf<C>;
  /** @throws ServiceError `not_signed_in`; a guard has refused long before where the route needs a session */
  caller: SignedIn;
  /** @throws ServiceError `not_found` on routes without `{teamId}` */
  membership: Membership;
  client: ClientContext;
}
