-- compatible from: 13
-- Nothing changes here: SQLite's step of this number takes a trigger away that costs nothing on PostgreSQL.
select 1;
