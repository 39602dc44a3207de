import type { ComponentType } from 'react';
import type { PageName } from './pages.ts';

interface PageModule {
  default: ComponentType;
}

/** What draws each page; loaded when it is opened. A page without its module does not compile. */
export const pageModules: Record<PageName, () => Promise<PageModule>> = {
  home: () => import('./shell/home-page.tsx'),
  start: () => import('./start/start-page.tsx'),
  keys: () => import('./key/keys-page.tsx'),
  key: () => import('./key/key-page.tsx'),
  rotation: () => import('./key/rotation-page.tsx'),
  models: () => import('./model/models-page.tsx'),
  playground: () => import('./playground/playground-page.tsx'),
  usage: () => import('./usage/usage-page.tsx'),
  requests: () => import('./usage/requests-page.tsx'),
  request: () => import('./usage/request-page.tsx'),
  verification: () => import('./proof/verification-page.tsx'),
  team: () => import('./team/team-page.tsx'),
  settings: () => import('./team/settings-page.tsx'),
  billing: () => import('./balance/billing-page.tsx'),
  audit: () => import('./audit/audit-page.tsx'),
  profile: () => import('./session/profile-page.tsx'),
  services: () => import('./operator/services-page.tsx'),
  routers: () => import('./operator/routers-page.tsx'),
  measurements: () => import('./operator/measurements-page.tsx'),
  catalogue: () => import('./operator/catalogue-page.tsx'),
  allUsage: () => import('./operator/all-usage-page.tsx'),
  allTeams: () => import('./operator/all-teams-page.tsx'),
  invitation: () => import('./invitation/invitation-page.tsx'),
  newTeam: () => import('./team/new-team-page.tsx'),
  signedIn: () => import('./session/signed-in-page.tsx'),
};
