-- The SQL door needs the roles of a database server, which SQLite has not. The number keeps both databases in step.
select 1;
