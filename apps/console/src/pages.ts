import type { TeamAction } from '@orgn/console-api';

/** Where a page stands in the navigation. */
export type NavGroup = 'build' | 'watch' | 'team' | 'you' | 'operate';

export interface PageRow {
  /** Which module draws it; see page-modules.ts. */
  name: string;
  path: string;
  /** Its heading's beginning, its document's title and its name in the navigation. */
  title: string;
  /** Absent: it is reached from other pages. */
  nav?: NavGroup;
  /** What the person's role in the team must grant; absent: whoever is signed in may see it. */
  action?: TeamAction;
  /** For operators of the deployment; to others it does not exist. */
  isOperator?: boolean;
}

/**
 * THE table of pages: routes, navigation, titles, guards, the addresses that the host answers with 200, and the tests' walk
 * all read it.
 */
export const pages = [
  { name: 'home', path: '/', title: 'Home' },
  { name: 'start', path: '/teams/:teamId/start', title: 'Start', nav: 'build', action: 'team.read' },
  { name: 'keys', path: '/teams/:teamId/keys', title: 'API Keys', nav: 'build', action: 'keys.read' },
  { name: 'key', path: '/teams/:teamId/keys/:keyId', title: 'API key', action: 'keys.read' },
  { name: 'rotation', path: '/teams/:teamId/keys/:keyId/rotation', title: 'Rotation', action: 'keys.read' },
  { name: 'models', path: '/teams/:teamId/models', title: 'Models', nav: 'build', action: 'models.read' },
  {
    name: 'playground',
    path: '/teams/:teamId/playground',
    title: 'Playground',
    nav: 'build',
    action: 'playground.use',
  },
  { name: 'usage', path: '/teams/:teamId/usage', title: 'Usage', nav: 'watch', action: 'usage.read' },
  { name: 'requests', path: '/teams/:teamId/requests', title: 'Requests', nav: 'watch', action: 'requests.read' },
  { name: 'request', path: '/teams/:teamId/requests/:requestId', title: 'Request', action: 'requests.read' },
  {
    name: 'verification',
    path: '/teams/:teamId/verification',
    title: 'Verification',
    nav: 'watch',
    action: 'requests.read',
  },
  { name: 'team', path: '/teams/:teamId/members', title: 'Team', nav: 'team', action: 'members.read' },
  { name: 'settings', path: '/teams/:teamId/settings', title: 'Team settings', nav: 'team', action: 'team.read' },
  { name: 'billing', path: '/teams/:teamId/billing', title: 'Billing', nav: 'team', action: 'billing.read' },
  { name: 'audit', path: '/teams/:teamId/audit', title: 'Audit log', nav: 'team', action: 'audit.read' },
  { name: 'profile', path: '/profile', title: 'Profile', nav: 'you' },
  { name: 'services', path: '/operator/services', title: 'Services', nav: 'operate', isOperator: true },
  { name: 'routers', path: '/operator/routers', title: 'Routers', nav: 'operate', isOperator: true },
  {
    name: 'measurements',
    path: '/operator/measurements',
    title: 'Measurements',
    nav: 'operate',
    isOperator: true,
  },
  { name: 'catalogue', path: '/operator/catalogue', title: 'Catalogue', nav: 'operate', isOperator: true },
  { name: 'allUsage', path: '/operator/usage', title: 'Usage of all', nav: 'operate', isOperator: true },
  { name: 'allTeams', path: '/operator/teams', title: 'All teams', nav: 'operate', isOperator: true },
  { name: 'invitation', path: '/invitations/accept', title: 'Invitation' },
  { name: 'newTeam', path: '/new-team', title: 'New team' },
  { name: 'signedIn', path: '/signed-in', title: 'Signed in' },
] as const satisfies readonly PageRow[];

export type PageName = (typeof pages)[number]['name'];
/** Pages that stand in the navigation. */
export type NavName = Extract<(typeof pages)[number], { nav: NavGroup }>['name'];

/** The row that a route's id names; undefined: an address that leads nowhere has none. */
export function pageNamed(id: string | undefined): PageRow | undefined {
  return pages.find(({ name }) => name === id);
}

/** The row of a page. */
export function pageOf(name: PageName): PageRow {
  return pages.find((page) => page.name === name) as PageRow;
}
