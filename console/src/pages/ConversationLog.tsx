import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ActionIcon, Button, Drawer, Loader, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconChevronLeft, IconFilter, IconFilterOff, IconMessageOff, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Conversation } from '../api/client';
import { q } from '../api/queries';
import type { LogSearch } from '../app/router';
import { Revealed } from '../text/Revealed';
import { conversationTitle } from '../ui/conversations';
import { plural } from '../ui/format';
import { Empty, Failure, Loading } from '../ui/parts';
import { Writing } from '../ui/Writing';
import { useLog } from './log';
import { MessageDetails } from './MessageDetails';
import { MessageRow } from './MessageRow';
import classes from './conversations.module.css';

const types = ['chat', 'request', 'status', 'result', 'discovery', 'coordination', 'system'];
const nearEnd = 80;

export function ConversationLog({ id, conversation, search }: { id: string; conversation?: Conversation; search: LogSearch }) {
  const log = useLog(id, search);
  const navigate = useNavigate();
  const narrow = useMediaQuery('(max-width: 48em)');
  const set = useCallback((change: LogSearch) => void navigate({ to: '/conversations/$id', params: { id }, search: (now: LogSearch) => clean({ ...now, ...change }), replace: true }), [navigate, id]);
  const filtered = Boolean(search.type ?? search.sender ?? search.since ?? search.until ?? search.q);
  return (
    <>
      <header className={classes.head}>
        <ActionIcon component={Link} {...{ to: '/conversations' }} variant="subtle" color="gray" className={classes.back} aria-label="All conversations"><IconChevronLeft size={20} /></ActionIcon>
        <h1>{conversation ? <Revealed text={conversationTitle(conversation)} /> : 'Conversation'}</h1>
        <Filters search={search} set={set} filtered={filtered} narrow={narrow ?? false} />
      </header>
      <div className={classes.logBody}>
        {log.state === 'loading' ? <Loading rows={6} /> : log.state === 'failed' ? <Failure error={log.error} retry={log.again} /> : log.messages.length === 0 ? (
          <div style={{ margin: 'auto' }}>
            {filtered ? <Empty icon={IconMessageOff} title="No message is like that" action={<Button size="xs" variant="light" onClick={() => set({ type: undefined, sender: undefined, since: undefined, until: undefined, q: undefined })}>Show all</Button>} /> : <Empty icon={IconMessageOff} title="Nothing was said here yet" command={conversation?.kind === 'channel' ? `parley send "#${conversation.name}" "Hello"` : undefined} />}
          </div>
        ) : <Rows log={log} chosen={search.m} choose={(m) => set({ m })} />}
      </div>
      {conversation && <WriteHere conversation={conversation} />}
      <Drawer opened={Boolean(search.m)} onClose={() => set({ m: undefined })} position="right" size={narrow ? '100%' : 460} title={<b>Message</b>} overlayProps={{ backgroundOpacity: 0.25 }}>
        {search.m && <MessageDetails id={search.m} />}
      </Drawer>
    </>
  );
}

const clean = (search: LogSearch): LogSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value));

function Rows({ log, chosen, choose }: { log: ReturnType<typeof useLog>; chosen?: string; choose: (id: string) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [unseen, setUnseen] = useState(0);
  const [reading, setReading] = useState(false);
  const { messages } = log;
  const last = useRef(messages.at(-1)?.id);
  const first = useRef(messages[0]?.id);

  const rows = useVirtualizer({
    count: messages.length, getScrollElement: () => scroller.current, estimateSize: () => 76, overscan: 12, getItemKey: (i) => messages[i]!.id,
  });

  const toEnd = useCallback(() => {
    rows.scrollToIndex(messages.length - 1, { align: 'end' });
    setUnseen(0);
  }, [rows, messages.length]);

  // What was read before stays where it was when older messages come in above it.
  useLayoutEffect(() => {
    const before = first.current;
    first.current = messages[0]?.id;
    if (before && before !== messages[0]?.id) {
      const added = messages.findIndex((message) => message.id === before);
      if (added > 0) rows.scrollToIndex(added, { align: 'start' });
    }
  }, [messages, rows]);

  useEffect(() => {
    if (messages.at(-1)?.id === last.current) return;
    const before = messages.findIndex((message) => message.id === last.current);
    last.current = messages.at(-1)?.id;
    if (atEnd) toEnd();
    else setUnseen((count) => count + messages.length - 1 - before);
  }, [messages, atEnd, toEnd]);

  useEffect(() => {
    const index = chosen ? messages.findIndex((message) => message.id === chosen) : -1;
    if (index >= 0) rows.scrollToIndex(index, { align: 'center' });
    else toEnd();
    // Only where the log is opened: later the reader scrolls.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const scrolled = () => {
    const box = scroller.current;
    if (!box) return;
    const end = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
    setAtEnd(end);
    if (end) setUnseen(0);
    if (box.scrollTop < 300 && log.hasOlder && !reading) {
      setReading(true);
      void log.older().finally(() => setReading(false));
    }
  };

  return (
    <>
      <div ref={scroller} className={classes.scroller} onScroll={scrolled} tabIndex={0} role="log" aria-label="Messages" aria-live="off">
        {(log.hasOlder || reading) && <div className={classes.older}>{reading ? <Loader size="xs" /> : <Button size="compact-xs" variant="subtle" onClick={() => void log.older()}>Older</Button>}</div>}
        <div className={classes.rows} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const message = messages[item.index]!;
            return (
              <div key={item.key} ref={rows.measureElement} data-index={item.index} className={classes.row} style={{ transform: `translateY(${item.start}px)` }}>
                <MessageRow message={message} chosen={message.id === chosen} choose={choose} />
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button className={classes.down} size="xs" radius="xl" leftSection={<IconArrowDown size={14} />} onClick={toEnd}>{unseen > 0 ? plural(unseen, 'new message') : 'To the newest'}</Button>
      )}
    </>
  );
}

function Filters({ search, set, filtered, narrow }: { search: LogSearch; set: (change: LogSearch) => void; filtered: boolean; narrow: boolean }) {
  const agents = useQuery(q.agents).data ?? [];
  const users = useQuery(q.users).data ?? [];
  const [text, setText] = useState(search.q ?? '');
  const search4 = useDebouncedCallback((value: string) => set({ q: value.trim() || undefined }), 350);
  useEffect(() => setText((now) => (now.trim() === (search.q ?? '') ? now : (search.q ?? ''))), [search.q]);
  const [open, setOpen] = useState(filtered);
  const shown = !narrow || open;
  const senders = useMemo(() => [...new Set([...agents.map(({ name }) => name), ...users.map(({ name }) => name), 'parley'])], [agents, users]);
  return (
    <div className={classes.filters} role="search">
      <TextInput size="xs" w={narrow ? undefined : 150} flex={narrow ? 1 : undefined} placeholder="Words" aria-label="Words in the text" leftSection={<IconSearch size={13} />} value={text} onChange={(event) => { setText(event.currentTarget.value); search4(event.currentTarget.value); }} />
      {narrow && <ActionIcon variant={filtered ? 'light' : 'subtle'} color={filtered ? undefined : 'gray'} size={30} onClick={() => setOpen(!open)} aria-expanded={open} aria-label="More filters"><IconFilter size={17} /></ActionIcon>}
      {shown && <>
      <Select size="xs" w={112} placeholder="Type" aria-label="Type" data={types} value={search.type ?? null} onChange={(type) => set({ type: type ?? undefined })} clearable />
      <Select size="xs" w={122} placeholder="From" aria-label="Sender" data={senders} value={search.sender ?? null} onChange={(sender) => set({ sender: sender ?? undefined })} clearable searchable />
      <TextInput size="xs" w={126} type="date" aria-label="From that day" value={search.since ?? ''} onChange={(event) => set({ since: event.currentTarget.value || undefined })} />
      <TextInput size="xs" w={126} type="date" aria-label="To that day" value={search.until ?? ''} onChange={(event) => set({ until: event.currentTarget.value || undefined })} />
      </>}
      {filtered && <Tooltip label="Show all"><ActionIcon variant="subtle" onClick={() => set({ type: undefined, sender: undefined, since: undefined, until: undefined, q: undefined })} aria-label="Show all messages"><IconFilterOff size={17} /></ActionIcon></Tooltip>}
    </div>
  );
}

/** Where a person may write in a conversation. */
function WriteHere({ conversation }: { conversation: Conversation }) {
  const me = useQuery(q.me).data;
  const { kind, name } = conversation;
  const to = kind === 'channel' ? `#${name}` : kind === 'chat' ? 'agent_chat' : kind === 'meeting' ? `meeting:${conversation.id}` : kind === 'direct' ? directPeer(name, me?.name) : undefined;
  if (!to) {
    return kind === 'direct' ? <div className={classes.write}><Link to="/agents/$name" params={{ name: name.split(', ')[0]! }}>Two agents talk here.</Link> You can write to either of them directly on its page.</div> : null;
  }
  return <div className={classes.write}><Writing key={conversation.id} to={to} project={conversation.project_id} placeholder={`Write to ${conversationTitle(conversation)}`} /></div>;
}

/** The agent in a direct conversation with the person; undefined where two agents talk. */
export function directPeer(name: string, me: string | undefined): string | undefined {
  const names = name.split(', ');
  return me && names.includes(me) ? names.find((one) => one !== me) : undefined;
}
