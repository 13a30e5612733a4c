import { useEffect, useState } from 'react';
import { ActionIcon, AppShell, Badge, Burger, Kbd, Menu, Modal, Tooltip, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import {
  IconCalendarTime, IconCoin, IconDeviceDesktop, IconGauge, IconHierarchy2, IconKeyboard, IconLogout, IconMessages, IconMoon, IconRobot, IconRoute, IconSearch, IconSettings, IconSun, IconTopologyStar3, IconUsersGroup,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { api, ok, Refusal } from '../api/client';
import { live, refreshFrom, useLiveState } from '../api/live';
import { q } from '../api/queries';
import { useAct } from '../ui/act';
import { Avatar, Dot } from '../ui/parts';
import { Palette } from './Palette';
import classes from './Shell.module.css';

export const places = [
  { to: '/', label: 'Command center', icon: IconGauge, key: 'c' },
  { to: '/agents', label: 'Agents', icon: IconRobot, key: 'a' },
  { to: '/conversations', label: 'Conversations', icon: IconMessages, key: 'm' },
  { to: '/sessions', label: 'Sessions', icon: IconHierarchy2, key: 's' },
  { to: '/meetings', label: 'Meetings', icon: IconUsersGroup, key: 'e' },
  { to: '/roots', label: 'Roots', icon: IconRoute, key: 'r' },
  { to: '/budgets', label: 'Budgets', icon: IconCoin, key: 'b' },
  { to: '/schedules', label: 'Schedules', icon: IconCalendarTime, key: 't' },
  { to: '/network', label: 'Network', icon: IconTopologyStar3, key: 'n' },
  { to: '/admin', label: 'Administration', icon: IconSettings, key: 'd' },
] as const;

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const [help, showHelp] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const shown = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const queries = useQueryClient();
  const state = useLiveState();

  useEffect(() => {
    live.start();
    const stop = refreshFrom(live, queries);
    return () => {
      stop();
      live.stop();
    };
  }, [queries]);
  useEffect(close, [path, close]);
  useSignedOut();
  useShortcuts(() => showHelp(true));

  return (
    <AppShell
      navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      header={{ height: { base: 52, sm: 0 } }}
      padding={{ base: 'md', sm: 'xl' }}
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a href="#content" className={classes.skip}>To the content</a>
      <AppShell.Header hiddenFrom="sm">
        <Burger opened={opened} onClick={toggle} size="sm" aria-label="Navigation" />
        <Brand />
        <ActionIcon variant="subtle" color="gray" onClick={spotlight.open} aria-label="Search and commands"><IconSearch size={20} /></ActionIcon>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main">
        <div className={classes.top}>
          <Brand />
          <UnstyledButton className={classes.search} onClick={spotlight.open}>
            <IconSearch size={15} />
            <span>Search</span>
            <Kbd size="xs">Ctrl K</Kbd>
          </UnstyledButton>
        </div>
        <Places path={path} />
        <Bottom onHelp={() => showHelp(true)} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} data-page={shown}>
        {state === 'lost' && (
          <div className={classes.lost} role="status">
            <Dot colour="orange" pulse label="Not connected" /> Not connected to the server. Trying again; what you see may be old.
            <button type="button" onClick={live.now}>Try now</button>
          </div>
        )}
        <Outlet />
      </AppShell.Main>
      <Palette onHelp={() => showHelp(true)} />
      <Shortcuts opened={help} onClose={() => showHelp(false)} />
    </AppShell>
  );
}

function Brand() {
  return (
    <Link to="/" className={classes.brand}>
      <img src="/favicon.svg" width={26} height={26} alt="" />
      Parley
    </Link>
  );
}

function Places({ path }: { path: string }) {
  const held = useQuery(q.holds).data?.length ?? 0;
  const attention = useQuery(q.attention).data?.length ?? 0;
  const halted = useQuery(q.halts).data?.some((halt) => halt.scope === 'organization' || halt.scope === 'server');
  return (
    <nav className={classes.places} aria-label="Pages">
      {places.map(({ to, label, icon: Icon }) => {
        const active = to === '/' ? path === '/' : path.startsWith(to);
        return (
          <Link key={to} to={to} className={classes.place} data-active={active || undefined} aria-current={active ? 'page' : undefined}>
            <Icon size={19} stroke={1.7} />
            {label}
            {to === '/' && held + attention > 0 && (
              <Badge size="sm" color="orange" ml="auto">{held + attention}<VisuallyHidden> waiting for a person</VisuallyHidden></Badge>
            )}
            {to === '/' && halted && <Badge size="sm" color="red" ml="auto">halted</Badge>}
          </Link>
        );
      })}
    </nav>
  );
}

function Bottom({ onHelp }: { onHelp: () => void }) {
  const me = useQuery(q.me).data;
  const state = useLiveState();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useAct(() => ok(api.POST('/api/v1/console/sign-out')), { done: () => location.assign('/sign-in') });
  const next = colorScheme === 'light' ? 'dark' : colorScheme === 'dark' ? 'auto' : 'light';
  const Scheme = colorScheme === 'light' ? IconSun : colorScheme === 'dark' ? IconMoon : IconDeviceDesktop;
  return (
    <div className={classes.bottom}>
      <div className={classes.state}>
        <Dot colour={state === 'live' ? 'teal' : 'orange'} pulse={state !== 'live'} label={state} />
        {state === 'live' ? 'Live' : state === 'connecting' ? 'Connecting' : 'Reconnecting'}
        <Tooltip label={`Colours: ${colorScheme === 'auto' ? 'as the system' : colorScheme}`}>
          <ActionIcon variant="subtle" color="gray" ml="auto" onClick={() => setColorScheme(next)} aria-label={`Colours: ${colorScheme}; change to ${next}`}><Scheme size={17} /></ActionIcon>
        </Tooltip>
        <Tooltip label="Keyboard (?)">
          <ActionIcon variant="subtle" color="gray" onClick={onHelp} aria-label="Keyboard shortcuts"><IconKeyboard size={18} /></ActionIcon>
        </Tooltip>
      </div>
      {me && (
        <Menu position="top-start" width={210}>
          <Menu.Target>
            <UnstyledButton className={classes.user}>
              <Avatar name={me.name} kind="user" size={30} />
              <span>
                <b>{me.name}</b>
                <small>{me.role} of {me.organization}</small>
              </span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void navigate({ to: '/admin/$tab', params: { tab: 'browsers' } })} leftSection={<IconDeviceDesktop size={16} />}>Signed-in browsers</Menu.Item>
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>Sign out</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

/** A session that was ended elsewhere ends here. */
function useSignedOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.query.state.error instanceof Refusal && event.query.state.error.status === 401) {
          queries.clear();
          void navigate({ to: '/sign-in' });
        }
      }),
    [queries, navigate],
  );
}

/** 'g' and a letter goes to a page; '?' shows the keys. Not while somebody types. */
function useShortcuts(help: () => void) {
  const navigate = useNavigate();
  useEffect(() => {
    let began = 0;
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [contenteditable], [role="dialog"]')) return;
      if (event.key === '?') help();
      else if (event.key === 'g') began = event.timeStamp;
      else if (event.timeStamp - began < 1200) {
        const place = places.find(({ key }) => key === event.key);
        began = 0;
        if (place) void navigate({ to: place.to });
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate, help]);
}

function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const keys: [string[], string][] = [[['Ctrl', 'K'], 'Search and commands'], ...places.map(({ key, label }): [string[], string] => [['g', key], label]), [['Ctrl', 'Enter'], 'Send what you write'], [['?'], 'These keys']];
  return (
    <Modal opened={opened} onClose={onClose} title={<b>Keyboard</b>}>
      <div className={classes.keys}>
        {keys.map(([combination, label]) => (
          <div key={label}>
            <span>{label}</span>
            <span>{combination.map((key) => <Kbd key={key} ml={4}>{key}</Kbd>)}</span>
          </div>
        ))}
      </div>
    </Modal>
  );
}
