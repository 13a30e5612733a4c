-- The types of messages that a person approves, as the bits of HeldTypes.
alter table organizations add column held_types integer not null default 0;

-- The id and time under which agent_chat shows a message: given when it becomes readable, so that polling by either never passes over one that a
-- person approves late. A conversation keeps the last of both, because retention may delete the message that had them.
alter table conversations add column chat_id integer not null default 0;
alter table conversations add column chat_at integer not null default 0;
alter table messages add column chat_id integer;
alter table messages add column chat_at integer;

update messages set chat_id = number, chat_at = created_at where withheld = 'no' and conversation_id in (select id from conversations where kind = 'chat');
update conversations set chat_id = head, chat_at = coalesce((select max(m.created_at) from messages m where m.conversation_id = conversations.id), 0) where kind = 'chat';

-- A message of agent_chat has neither a project nor one peer; the condition keeps most others from the cost.
create trigger messages_chat_insert after insert on messages
when new.withheld = 'no' and new.project_id is null and new.peer_agent_id is null
begin
    update conversations set chat_id = max(chat_id + 1, new.number), chat_at = max(chat_at + 1, new.created_at) where id = new.conversation_id and kind = 'chat';
    update messages set (chat_id, chat_at) = (select c.chat_id, c.chat_at from conversations c where c.id = new.conversation_id)
    where seq = new.seq and exists (select 1 from conversations c where c.id = new.conversation_id and c.kind = 'chat');
end;

-- What was restored from PostgreSQL has no ids here; the head of the conversation is above all of their numbers.
create trigger messages_chat_release after update of withheld on messages
when old.withheld <> 'no' and new.withheld = 'no' and new.project_id is null and new.peer_agent_id is null
begin
    update conversations set chat_id = max(chat_id, head) + 1,
        chat_at = max(chat_at + 1, new.created_at, coalesce((select m.created_at + 1 from messages m where m.conversation_id = new.conversation_id and m.number = head), 0))
    where id = new.conversation_id and kind = 'chat';
    update messages set (chat_id, chat_at) = (select c.chat_id, c.chat_at from conversations c where c.id = new.conversation_id)
    where seq = new.seq and exists (select 1 from conversations c where c.id = new.conversation_id and c.kind = 'chat');
end;

drop view agent_chat;
create view agent_chat as
select coalesce(m.chat_id, m.number) as id, m.sender_name as sender, m.content as message, m.mentions,
       strftime('%Y-%m-%dT%H:%M:%S', coalesce(m.chat_at, m.created_at) / 1000000, 'unixepoch') || printf('.%06dZ', coalesce(m.chat_at, m.created_at) % 1000000) as created_at
from messages m join conversations c on c.id = m.conversation_id
where c.kind = 'chat' and m.withheld = 'no';
