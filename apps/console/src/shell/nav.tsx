import {
  BookOpen,
  Boxes,
  Building2,
  ChartColumn,
  List,
  KeyRound,
  LogOut,
  MessageSquare,
  Menu as MenuIcon,
  Rocket,
  ScrollText,
  Server,
  Settings,
  UserRound,
  Users,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { mayDo } from '@orgn/console-api';
import { currentTeam } from '../session/current-team.ts';
import type { Session } from '../session/session.ts';
import { useSignOut } from '../session/sign-out.ts';
import { pages, type NavGroup, type PageName, type PageRow } from '../pages.ts';
import { Button } from '../ui/button.tsx';
import { TeamSwitcher } from './team-switcher.tsx';

const icons: Partial<Record<PageName, LucideIcon>> = {
  start: Rocket,
  keys: KeyRound,
  models: Boxes,
  playground: MessageSquare,
  usage: ChartColumn,
  requests: List,
  team: Users,
  settings: Settings,
  audit: ScrollText,
  profile: UserRound,
  services: Server,
  routers: Waypoints,
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
  const isOpen = openAt === pathname;
  const team = currentTeam(session, teamId);
  useEffect(() => setOpenAt(null), [pathname]);
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
        <nav aria-label="Main">
          {groups.map((group) => (
            <NavList key={group} group={group} session={session} {...(team && { team })} />
          ))}
        </nav>
        <Person session={session} />
      </div>
    </header>
  );
}

interface NavListProps {
  group: NavGroup;
  session: Session;
  team?: Session['teams'][number];
}

function NavList({ group, session, team }: NavListProps) {
  const rows: readonly (PageRow & { name: PageName })[] = pages;
  const shown = rows.filter(({ nav, path, action, isOperator }) => {
    if (nav !== group || (isOperator && !session.user.isOperator)) return false;
    if (!path.includes(':teamId')) return true;
    return team !== undefined && (action === undefined || mayDo(team.role, action, true));
  });
  if (shown.length === 0) return null;
  const heading = titles[group];
  return (
    <ul aria-label={heading}>
      {heading !== undefined && (
        <li className="nav-heading" aria-hidden>
          {heading}
        </li>
      )}
      {shown.map(({ name, path, title }) => {
        const Icon = icons[name];
        return (
          <li key={name}>
            <NavLink to={path.replace(':teamId', team?.id ?? '')}>
              {Icon && <Icon aria-hidden size={17} />}
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
