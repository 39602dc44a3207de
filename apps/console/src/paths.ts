import { pageOf, type PageName } from './pages.ts';

const fill = (name: PageName, params: Record<string, string> = {}): string =>
  pageOf(name).path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(params[param] ?? ''));

interface OfTeam {
  teamId: string;
}
interface OfKey extends OfTeam {
  keyId: string;
}

/** Addresses of pages. A page of a team is never written in any other way. */
export const paths = {
  home: () => fill('home'),
  start: (team: OfTeam) => fill('start', { ...team }),
  keys: (team: OfTeam) => fill('keys', { ...team }),
  key: (key: OfKey) => fill('key', { ...key }),
  rotation: (key: OfKey) => fill('rotation', { ...key }),
  models: (team: OfTeam) => fill('models', { ...team }),
  /** `model`: the one to begin with; `key`: the one to ask under. */
  playground: (team: OfTeam, begin: { model?: string; key?: string } = {}) => {
    const search = new URLSearchParams(begin).toString();
    return fill('playground', { ...team }) + (search && `?${search}`);
  },
  usage: (team: OfTeam) => fill('usage', { ...team }),
  requests: (team: OfTeam) => fill('requests', { ...team }),
  request: (request: OfTeam & { requestId: string }) => fill('request', { ...request }),
  /** `id`: the request whose receipt is shown. */
  verification: (team: OfTeam, id?: string) => fill('verification', { ...team }) + (id ? `?id=${id}` : ''),
  team: (team: OfTeam) => fill('team', { ...team }),
  settings: (team: OfTeam) => fill('settings', { ...team }),
  billing: (team: OfTeam) => fill('billing', { ...team }),
  /** `object`: the history of one thing. */
  audit: (team: OfTeam, object?: string) => fill('audit', { ...team }) + (object ? `?object=${object}` : ''),
  profile: () => fill('profile'),
  services: () => fill('services'),
  routers: () => fill('routers'),
  measurements: () => fill('measurements'),
  catalogue: () => fill('catalogue'),
  allUsage: () => fill('allUsage'),
  allTeams: () => fill('allTeams'),
  invitation: () => fill('invitation'),
  newTeam: () => fill('newTeam'),
  signedIn: () => fill('signedIn'),
};

/** The same page of another team. What names something of the old team is left behind. */
export function inTeam(path: string, teamId: string): string {
  const [, section = 'start'] = /^\/teams\/[^/]+\/([a-z-]+)/.exec(path) ?? [];
  return `/teams/${encodeURIComponent(teamId)}/${section}`;
}
