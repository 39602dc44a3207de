import {
  BookOpen,
  Boxes,
  Building2,
  ChartColumn,
  List,
  KeyRound,
  LogOut,
  Fingerprint,
  MessageSquare,
  Menu as MenuIcon,
  Rocket,
  ScrollText,
  Search,
  Server,
  Settings,
  ShieldCheck,
  UserRound,
  Users,
  Wallet,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { currentTeam } from '../session/current-team.ts';
import type { Session } from '../session/session.ts';
import { useSignOut } from '../session/sign-out.ts';
import type { NavGroup, NavName } from '../pages.ts';
import { Button } from '../ui/button.tsx';
import { reachable } from './reachable.ts';
import { TeamSwitcher } from './team-switcher.tsx';
import { usePalette } from './use-palette.ts';
import { late } from '../page/late.tsx';

const Palette = late(() => import('./palette.tsx'));

const icons: Record<NavName, LucideIcon> = {
  start: Rocket,
  keys: KeyRound,
  models: Boxes,
  playground: MessageSquare,
  usage: ChartColumn,
  requests: List,
  verification: ShieldCheck,
  team: Users,
  settings: Settings,
  billing: Wallet,
  audit: ScrollText,
  profile: UserRound,
  services: Server,
  routers: Waypoints,
  measurements: Fingerprint,
  catalogue: BookOpen,
  allUsage: ChartColumn,
  allTeams: Building2,
};

const groups: readonly NavGroup[] = ['build', 'watch', 'team', 'you', 'operate'];
const titles: Partial<Record<NavGroup, string>> = { operate: 'This deployment' };

/** Where one can go: what the table of pages offers to this role in this team. */
export function Nav({ session, teamId }: { session: Session; teamId?: string }) {
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const [isFinding, setFinding] = usePalette();
  const isOpen = openAt === pathname;
  const team = currentTeam(session, teamId);
  useEffect(() => setOpenAt(null), [pathname]);
  useEffect(() => {
    // What the browser has scrolled to: the place of this page, where the list is longer than the window.
    document.getElementById('nav')?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [pathname]);
  return (
    <header className="side" data-open={isOpen || undefined}>
      <div className="side-top">
        <NavLink to="/" className="product">
          <img src="/icon.svg" alt="" width="26" height="26" />
          ORGN Gateway
        </NavLink>
        <button
          type="button"
          className="button quiet icon-only side-toggle"
          aria-expanded={isOpen}
          aria-controls="nav"
          aria-label="Navigation"
          onClick={() => setOpenAt(isOpen ? null : pathname)}
        >
          <MenuIcon aria-hidden size={20} />
        </button>
      </div>
      <div className="side-body" id="nav">
        <TeamSwitcher session={session} {...(team && { team })} />
        <button type="button" className="button plain go-to" onClick={() => setFinding(true)}>
          <Search aria-hidden size={15} />
          Go to … <kbd>Ctrl K</kbd>
        </button>
        <nav aria-label="Main">
          {groups.map((group) => (
            <NavList key={group} group={group} session={session} {...(team && { team })} />
          ))}
        </nav>
        <Person session={session} />
      </div>
      <Suspense fallback={null}>
        {isFinding && <Palette session={session} team={team} onClose={() => setFinding(false)} />}
      </Suspense>
    </header>
  );
}

interface NavListProps {
  group: NavGroup;
  session: Session;
  team?: Session['teams'][number];
}

function NavList({ group, session, team }: NavListProps) {
  const shown = reachable(session, team).filter(({ nav }) => nav === group);
  if (shown.length === 0) return null;
  const heading = titles[group];
  return (
    <ul aria-label={heading}>
      {heading !== undefined && (
        <li className="nav-heading" aria-hidden>
          {heading}
        </li>
      )}
      {shown.map(({ name, address, title }) => {
        const Icon = icons[name];
        return (
          <li key={name}>
            <NavLink to={address}>
              <Icon aria-hidden size={17} />
              {title}
            </NavLink>
          </li>
        );
      })}
    </ul>
  );
}

function Person({ session }: { session: Session }) {
  const signOut = useSignOut();
  return (
    <div className="person">
      <div>
        <p className="person-name">{session.user.name}</p>
        <p className="quiet">{session.user.email}</p>
      </div>
      <Button kind="quiet" icon={<LogOut aria-hidden size={16} />} onClick={signOut}>
        Sign out
      </Button>
    </div>
  );
}
