import { type ComponentType, type CSSProperties, type ReactNode, useEffect, useState } from 'react';
import { ActionIcon, Badge, Button, CopyButton, Skeleton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { Refusal } from '../api/client';
import { Revealed } from '../text/Revealed';
import { clock, duration, exact, hue, relative, seconds } from './format';
import classes from './ui.module.css';

type Icon = ComponentType<{ size?: number | string; stroke?: number }>;

/** The time that ticks on: for ages and countdowns. */
export function useNow(every = 1000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export function Page({ title, tab, lead, actions, children, back }: { title: ReactNode; tab?: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode; back?: ReactNode }) {
  useEffect(() => {
    const name = tab ?? (typeof title === 'string' ? title : '');
    document.title = name ? `${name} · Parley` : 'Parley';
  }, [title, tab]);
  return (
    <div className={classes.page}>
      {back}
      <div className={classes.pageHead}>
        <div>
          <h1 className={classes.title}>{title}</h1>
          {lead && <div className={classes.lead}>{lead}</div>}
        </div>
        {actions && <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function Card({ title, icon: Icon, count, actions, children, flush, label }: { title?: string; icon?: Icon; count?: number; actions?: ReactNode; children: ReactNode; flush?: boolean; label?: string }) {
  return (
    <section className={classes.card} aria-label={label ?? title}>
      {title && (
        <div className={classes.cardHead}>
          {Icon && <Icon size={18} stroke={1.8} />}
          <h2 className={classes.cardTitle}>{title}</h2>
          {count !== undefined && count > 0 && <Badge size="sm">{count}</Badge>}
          {actions && <div style={{ marginInlineStart: 'auto', display: 'flex', gap: 6, alignItems: 'center' }}>{actions}</div>}
        </div>
      )}
      <div className={flush ? classes.flush : classes.cardBody}>{children}</div>
    </section>
  );
}

export function Stat({ label, value, note, icon: Icon, children }: { label: string; value: ReactNode; note?: ReactNode; icon?: Icon; children?: ReactNode }) {
  return (
    <div className={`${classes.card} ${classes.stat}`}>
      <div className={classes.statLabel}>
        {Icon && <Icon size={15} stroke={1.9} />}
        {label}
      </div>
      <div className={classes.statValue}>{value}</div>
      {note && <div className={classes.statNote}>{note}</div>}
      {children}
    </div>
  );
}

/** Who it is, by the server's data: an agent has a square mark, a person a round one, Parley itself a grey one. */
export function Avatar({ name, kind, size = 28 }: { name: string; kind: string; size?: number }) {
  const style = { '--hue': hue(name), '--size': `${size}px` } as CSSProperties;
  const shape = kind === 'user' ? classes.person : kind === 'system' ? classes.system : '';
  return (
    <span className={`${classes.avatar} ${shape}`} style={style} aria-hidden>
      {(name[0] ?? '?').toUpperCase()}
    </span>
  );
}

const kinds: Record<string, string> = { agent: 'agent', user: 'person', system: 'system', hosted: 'hosted agent', external: 'external agent' };

export function Who({ name, kind, size, showKind = true }: { name: string; kind: string; size?: number; showKind?: boolean }) {
  return (
    <span className={classes.who}>
      <Avatar name={name} kind={kind} size={size} />
      <span className={classes.name}>
        <Revealed text={name} />
      </span>
      {showKind && <span className={classes.kind}>{kinds[kind] ?? kind}</span>}
    </span>
  );
}

const colours: Record<string, string> = {
  running: 'blue', open: 'teal', active: 'teal', completed: 'teal', answered: 'teal', acknowledged: 'teal', replied: 'teal', allowed: 'teal', connected: 'teal', ready: 'teal', fired: 'teal', started: 'teal',
  alive: 'teal', draining: 'yellow', lost: 'red', queued: 'gray', pending: 'blue', offered: 'cyan', deferred: 'yellow', held: 'orange', paused: 'yellow', archived: 'gray', done: 'gray', passed: 'gray', cancelled: 'gray', expired: 'gray', skipped: 'gray',
  revoked: 'red', failed: 'red', killed: 'red', timed_out: 'red', dead: 'red', refused: 'red', halted: 'red', bounded: 'orange', request: 'iris', result: 'teal', system: 'gray', status: 'gray', coordination: 'cyan', discovery: 'grape',
};

export function State({ state, title }: { state: string; title?: string }) {
  const badge = (
    <Badge color={colours[state] ?? 'gray'} size="sm" leftSection={state === 'running' ? <span className={`${classes.dot} ${classes.pulse}`} style={{ '--dot': 'currentColor', width: 6, height: 6 } as CSSProperties} /> : undefined}>
      {state.replaceAll('_', ' ')}
    </Badge>
  );
  return title ? <Tooltip label={title} multiline maw={320}><span>{badge}</span></Tooltip> : badge;
}

export function Dot({ colour, pulse, label }: { colour: string; pulse?: boolean; label: string }) {
  return <span role="img" aria-label={label} title={label} className={`${classes.dot} ${pulse ? classes.pulse : ''}`} style={{ '--dot': `var(--mantine-color-${colour}-6)` } as CSSProperties} />;
}

/** When, as seen from now; the exact time on hover. */
export function Ago({ at }: { at: string | Date | null | undefined }) {
  const now = useNow(10_000);
  if (!at) return <>–</>;
  const time = new Date(at);
  return <time dateTime={time.toISOString()} title={exact(time)} className={classes.number}>{relative(time, now)}</time>;
}

/** The time on the clock here; the exact time on hover. */
export function At({ at }: { at: string }) {
  const time = new Date(at);
  return <time dateTime={at} title={exact(time)} className={classes.number}>{clock(time, new Date())}</time>;
}

export function Countdown({ to, over = 'now' }: { to: string; over?: string }) {
  const now = useNow();
  const time = new Date(to);
  const left = time.getTime() - now.getTime();
  return <time dateTime={to} title={exact(time)} className={classes.number}>{left <= 0 ? over : `in ${duration(left)}`}</time>;
}

export function Elapsed({ since, until }: { since: string; until?: string | null }) {
  const now = useNow();
  const past = (until ? new Date(until) : now).getTime() - new Date(since).getTime();
  return <span className={classes.number}>{until ? seconds(past) : duration(past)}</span>;
}

/** A command to type, that can be copied. */
export function Command({ children }: { children: string }) {
  return (
    <span className={classes.command}>
      <code>{children}</code>
      <CopyButton value={children}>
        {({ copied, copy }) => (
          <ActionIcon size="sm" variant="subtle" color={copied ? 'teal' : 'gray'} onClick={copy} aria-label={`Copy: ${children}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}

/** Nothing is there: what that means, and what to do next. */
export function Empty({ icon: Icon, title, children, command, action }: { icon: Icon; title: string; children?: ReactNode; command?: string; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <span className={classes.emptyIcon}><Icon size={24} stroke={1.7} /></span>
      <div className={classes.emptyTitle}>{title}</div>
      {children && <div style={{ maxWidth: 480, fontSize: 'var(--mantine-font-size-sm)' }}>{children}</div>}
      {command && <Command>{command}</Command>}
      {action}
    </div>
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const refusal = error instanceof Refusal ? error : new Refusal(0, 'internal', 'The page failed.', error instanceof Error ? error.message : 'Reload it.');
  return (
    <div className={classes.empty} role="alert">
      <span className={classes.emptyIcon}><IconPlugConnectedX size={24} stroke={1.7} /></span>
      <div className={classes.emptyTitle}>{refusal.message}</div>
      <div>{refusal.fix}</div>
      {retry && <Button size="xs" variant="light" leftSection={<IconRefresh size={14} />} onClick={retry}>Try again</Button>}
    </div>
  );
}

export const Loading = ({ rows = 4 }: { rows?: number }) => (
  <div style={{ padding: 18, display: 'grid', gap: 12 }} role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, i) => <Skeleton key={i} height={18} width={`${92 - i * 13}%`} />)}
  </div>
);

type Query<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };

/** What was read, once it is there; else that it comes, or why it does not. */
export function Read<T>({ from, children, rows }: { from: Query<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (from.data !== undefined) return <>{children(from.data)}</>;
  return from.isPending ? <Loading rows={rows} /> : <Failure error={from.error} retry={() => void from.refetch()} />;
}

/** Counts as bars, the newest at the right. */
export function Bars({ counts, height = 44, label }: { counts: number[]; height?: number; label: string }) {
  const most = Math.max(1, ...counts);
  return (
    <div className={classes.bars} style={{ '--height': `${height}px` } as CSSProperties} role="img" aria-label={label}>
      {counts.map((count, i) => <i key={i} data-zero={count === 0 || undefined} style={{ height: `${(count / most) * 100}%` }} />)}
    </div>
  );
}

export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
