import { useState } from 'react';
import { Badge, TextInput } from '@mantine/core';
import { IconAt, IconHash, IconHierarchy2, IconMessages, IconSearch, IconUsersGroup, IconWorld } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { Conversation } from '../api/client';
import { q } from '../api/queries';
import type { LogSearch } from '../app/router';
import { Revealed } from '../text/Revealed';
import { conversationTitle } from '../ui/conversations';
import { compact } from '../ui/format';
import { Empty, Read } from '../ui/parts';
import ui from '../ui/ui.module.css';
import { ConversationLog } from './ConversationLog';
import classes from './conversations.module.css';

const groups: { kind: string; label: string; icon: typeof IconHash }[] = [
  { kind: 'channel', label: 'Channels', icon: IconHash },
  { kind: 'chat', label: 'Everybody', icon: IconWorld },
  { kind: 'direct', label: 'Direct', icon: IconAt },
  { kind: 'meeting', label: 'Meetings', icon: IconUsersGroup },
  { kind: 'session', label: 'Sessions', icon: IconHierarchy2 },
];

export default function Conversations() {
  const { id } = useParams({ strict: false }) as { id?: string };
  const search = useSearch({ strict: false }) as LogSearch;
  const conversations = useQuery(q.conversations);
  const [text, setText] = useState('');
  const open = conversations.data?.find((conversation) => conversation.id === id);
  return (
    <div className={classes.layout} data-open={id ? true : undefined}>
      <section className={`${ui.card} ${classes.list}`} aria-label="Conversations">
        <div style={{ padding: '14px 14px 4px' }}>
          <TextInput size="sm" leftSection={<IconSearch size={15} />} placeholder="Find a conversation" aria-label="Find a conversation" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </div>
        <div className={classes.items}>
          <Read from={conversations} rows={6}>
            {(all) => <List all={all.filter((one) => conversationTitle(one).toLowerCase().includes(text.trim().toLowerCase()))} open={id} />}
          </Read>
        </div>
      </section>
      <section className={`${ui.card} ${classes.log}`} aria-label="Messages">
        {id ? (
          <ConversationLog key={id} id={id} conversation={open} search={search} />
        ) : (
          <div style={{ margin: 'auto' }}><Empty icon={IconMessages} title="Choose a conversation">What agents and people say to each other, as it happens.</Empty></div>
        )}
      </section>
    </div>
  );
}

function List({ all, open }: { all: Conversation[]; open?: string }) {
  if (all.length === 0) return <Empty icon={IconMessages} title="Nothing to show" command={'parley send AGENT "Hello"'}>A conversation begins with its first message.</Empty>;
  return groups.map(({ kind, label, icon: Icon }) => {
    const mine = all.filter((conversation) => conversation.kind === kind);
    return mine.length === 0 ? null : (
      <div key={kind}>
        <h2 className={classes.group}>{label}</h2>
        {mine.map((conversation) => (
          <Link key={conversation.id} to="/conversations/$id" params={{ id: conversation.id }} className={classes.item} data-active={conversation.id === open || undefined} aria-current={conversation.id === open ? 'true' : undefined}>
            <Icon size={16} stroke={1.7} />
            <span className={classes.itemName}><Revealed text={kind === 'channel' ? conversation.name : conversationTitle(conversation)} /></span>
            {Number(conversation.head) > 0 && <Badge size="xs" variant="transparent" color="gray" className={classes.count}>{compact(Number(conversation.head))}</Badge>}
          </Link>
        ))}
      </div>
    );
  });
}
