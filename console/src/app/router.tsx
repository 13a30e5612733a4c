import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Link, Outlet, redirect } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { IconMapOff } from '@tabler/icons-react';
import { Refusal } from '../api/client';
import { q } from '../api/queries';
import { Empty, Failure, Page } from '../ui/parts';
import { Shell } from './Shell';

type Context = { queries: QueryClient };

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: ({ error, reset }) => <Page title="Parley"><Failure error={error} retry={reset} /></Page>,
  notFoundComponent: () => <Empty icon={IconMapOff} title="There is no such page." action={<Link to="/">To the command center</Link>} />,
});

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: lazyRouteComponent(() => import('../pages/SignIn')) });

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context }) => {
    try {
      await context.queries.ensureQueryData(q.me);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) throw redirect({ to: '/sign-in' });
      throw error;
    }
  },
});

export type LogSearch = { type?: string; sender?: string; since?: string; until?: string; q?: string; m?: string };
const words = ['type', 'sender', 'since', 'until', 'q', 'm'] as const;

/** What the address bar says of a log, strings only; nothing else is taken over. */
export function logSearch(search: Record<string, unknown>): LogSearch {
  return Object.fromEntries(words.flatMap((word) => (search[word] === undefined || search[word] === '' ? [] : [[word, String(search[word]).slice(0, 200)]])));
}

const home = createRoute({ getParentRoute: () => shell, path: '/', component: lazyRouteComponent(() => import('../pages/CommandCenter')) });
const agents = createRoute({ getParentRoute: () => shell, path: '/agents', component: lazyRouteComponent(() => import('../pages/Agents')) });
const agent = createRoute({ getParentRoute: () => shell, path: '/agents/$name', component: lazyRouteComponent(() => import('../pages/Agent')) });
const conversations = createRoute({ getParentRoute: () => shell, path: '/conversations', component: lazyRouteComponent(() => import('../pages/Conversations')), validateSearch: logSearch });
const conversation = createRoute({ getParentRoute: () => shell, path: '/conversations/$id', component: lazyRouteComponent(() => import('../pages/Conversations')), validateSearch: logSearch });
const sessions = createRoute({ getParentRoute: () => shell, path: '/sessions', component: lazyRouteComponent(() => import('../pages/Sessions')) });
const session = createRoute({ getParentRoute: () => shell, path: '/sessions/$id', component: lazyRouteComponent(() => import('../pages/Session')) });
const meetings = createRoute({ getParentRoute: () => shell, path: '/meetings', component: lazyRouteComponent(() => import('../pages/Meetings')) });
const meeting = createRoute({ getParentRoute: () => shell, path: '/meetings/$name', component: lazyRouteComponent(() => import('../pages/Meeting')) });
const roots = createRoute({ getParentRoute: () => shell, path: '/roots', component: lazyRouteComponent(() => import('../pages/Roots')) });
const rootPage = createRoute({ getParentRoute: () => shell, path: '/roots/$id', component: lazyRouteComponent(() => import('../pages/Root')) });
const budgets = createRoute({ getParentRoute: () => shell, path: '/budgets', component: lazyRouteComponent(() => import('../pages/Budgets')) });
const schedules = createRoute({ getParentRoute: () => shell, path: '/schedules', component: lazyRouteComponent(() => import('../pages/Schedules')) });
const schedule = createRoute({ getParentRoute: () => shell, path: '/schedules/$name', component: lazyRouteComponent(() => import('../pages/Schedule')) });
const network = createRoute({ getParentRoute: () => shell, path: '/network', component: lazyRouteComponent(() => import('../pages/Network')) });
const admin = createRoute({ getParentRoute: () => shell, path: '/admin/$tab', component: lazyRouteComponent(() => import('../pages/Admin')) });
const adminHome = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  beforeLoad: () => {
    throw redirect({ to: '/admin/$tab', params: { tab: 'links' } });
  },
});

const tree = root.addChildren([
  signIn,
  shell.addChildren([home, agents, agent, conversations, conversation, sessions, session, meetings, meeting, roots, rootPage, budgets, schedules, schedule, network, admin, adminHome]),
]);

export const createAppRouter = (queries: QueryClient) => createRouter({ routeTree: tree, context: { queries }, defaultPreload: 'intent', scrollRestoration: true });
