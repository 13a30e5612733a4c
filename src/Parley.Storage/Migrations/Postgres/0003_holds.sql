-- The types of messages that a person approves, as the bits of HeldTypes.
alter table organizations add column held_types bigint not null default 0;

-- On SQLite: the ids and times under which agent_chat shows a message. Here parley_sql.chat_log has them; the columns stand in both, so that a backup is the same.
alter table conversations add column chat_id bigint not null default 0, add column chat_at bigint not null default 0;
alter table messages add column chat_id bigint, add column chat_at bigint;
