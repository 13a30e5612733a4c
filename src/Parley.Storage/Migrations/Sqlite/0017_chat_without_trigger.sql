-- compatible from: 17
-- A trigger makes SQLite copy every page that the insert of any message changes, in case the statement has to be undone. The program itself gives
-- the messages of agent_chat their id and time now.
drop trigger messages_chat_insert;
